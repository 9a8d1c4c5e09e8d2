// The example as its README starts it, with a real collector: what arrives, and that it ends as it would without.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { devmuxReceiverFactory } from "@chriscode/devmux-telemetry-server";
import { recordingExporter, sinkFactory, startTestCollector } from "@chriscode/devmux-telemetry-server/testing";
import { expect, test } from "vitest";

const cwd = fileURLToPath(new URL("..", import.meta.url));

async function run(args: readonly string[], env: { [name: string]: string }) {
  const child = spawn(process.execPath, [...args, "app.js"], { cwd, env: { PATH: process.env.PATH, ...env } });
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (printed.stdout += data));
  child.stderr.on("data", (data) => (printed.stderr += data));
  return { code: await new Promise((resolve) => child.on("close", resolve)), ...printed };
}

test("the example's records arrive, and it prints and ends as it does without telemetry", async () => {
  const sink = recordingExporter();
  const config = {
    receivers: { devmux: {} },
    exporters: { sink: {} },
    service: { pipelines: { logs: { receivers: ["devmux"], exporters: ["sink"] } } },
  };
  await using test = await startTestCollector(config, [devmuxReceiverFactory, sinkFactory(sink)]);
  const env = { DEVMUX_SERVER_URL: `ws://${test.authority}`, OTEL_SERVICE_NAME: "coffee" };
  const watched = await run(["--import", "@chriscode/devmux-telemetry/node"], env);
  // Those of the program, between the session's start and its end.
  await sink.received(5);

  expect(test.collector.status().streams.map(({ name }) => name)).toEqual(["node:coffee"]);
  const records = sink.batches.flatMap((batch) => (batch.signal === "logs" ? [...batch.records()] : []));
  const placeOf = (record: (typeof records)[number]) =>
    `${record.attribute("code.file.path")}:${record.attribute("code.line.number")}`;
  expect(records.slice(1, -1).map((record) => [record.body, placeOf(record)])).toEqual([
    ["brewing 2 cups", `${cwd}app.js:5`],
    ["the water is at { celsius: 88 }", `${cwd}app.js:7`],
    ["RangeError: no cups left", `${cwd}app.js:8`],
  ]);
  expect(watched).toEqual(await run([], {}));
  expect(watched.code).toBe(1);
});
