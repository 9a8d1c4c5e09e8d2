// Every exporter keeps the contract of exporters.

import { join } from "node:path";
import { freePort, testExporter } from "@chriscode/devmux-telemetry-server/testing";
import { describe, test } from "vitest";
import { createDebugExporter } from "./debug/debug.ts";
import { factory as debug } from "./debug/index.ts";
import { factory as file } from "./file/index.ts";
import { factory as otlpGrpc } from "./otlp_grpc/index.ts";
import { factory as otlpHttp } from "./otlp_http/index.ts";
import { factory as queue } from "./queue/index.ts";
import { factory as tmux } from "./tmux/index.ts";
import { createTmuxExporter } from "./tmux/tmux.ts";

// Nobody's tmux is touched, and nothing is shown.
const withoutTmux: typeof tmux = {
  ...tmux,
  create: (settings, config) => createTmuxExporter(settings, config, { PATH: "/nowhere" }),
};
const unseen: typeof debug = {
  ...debug,
  create: (settings, config) => createDebugExporter(settings, config, { writableLength: 0, write() {} }),
};
const nobody = `http://127.0.0.1:${await freePort()}`;
const host = { isOwnAddress: () => false };

describe.each([
  ["tmux", testExporter(withoutTmux)],
  ["queue", testExporter(queue, {}, { config: (directory) => ({ path: join(directory, "queue.jsonl") }) })],
  ["otlp_http", testExporter(otlpHttp, {}, { config: () => ({ endpoint: nobody }), host })],
  ["otlp_grpc", testExporter(otlpGrpc, {}, { config: () => ({ endpoint: nobody }), host })],
  ["file", testExporter(file)],
  ["debug", testExporter(unseen)],
])("%s", (_, checks) => {
  test.each(checks)("$name", ({ run }) => run());
});
