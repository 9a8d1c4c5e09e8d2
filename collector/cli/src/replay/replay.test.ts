import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { devmuxReceiverFactory, otlpReceiverFactory } from "@chriscode/devmux-telemetry-server";
import {
  recordingExporter,
  sinkFactory,
  startTestCollector,
  testLogs,
} from "@chriscode/devmux-telemetry-server/testing";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { root } from "../commands/root.ts";
import { run } from "../run.ts";
import { createTestShell } from "../testing/shell.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "devmux-replay-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function devmux(...args: string[]) {
  const shell = createTestShell({ cwd: directory });
  const code = await run(root, ["telemetry", "replay", ...args], shell);
  return { code, out: shell.out(), err: shell.err() };
}

async function collector() {
  const exporter = recordingExporter();
  const world = await startTestCollector(
    {
      receivers: { devmux: {}, otlp: { protocols: {} } },
      exporters: { sink: {} },
      service: { pipelines: { logs: { receivers: ["devmux", "otlp"], exporters: ["sink"] } } },
    },
    [devmuxReceiverFactory, otlpReceiverFactory, sinkFactory(exporter)],
  );
  onTestFinished(() => world[Symbol.asyncDispose]());
  return { exporter, endpoint: `http://${world.authority}` };
}

/** A server that answers as it is told, and remembers when it was asked. */
async function server(answer: (call: number) => { status: number; headers?: Record<string, string> }) {
  const calls: { url: string; atMs: number }[] = [];
  const http = createServer((request, response) => {
    request.resume().on("end", () => {
      calls.push({ url: request.url!, atMs: performance.now() });
      const { status, headers } = answer(calls.length);
      response.writeHead(status, headers).end(status === 200 ? "{}" : '{"message":"as told"}');
    });
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => void http.close());
  return { calls, endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

const recording = [testLogs(3, "a "), testLogs(2, "b ")].map((batch) => `${batch.toJson()}\n`).join("");
const bodies = ["a 0", "a 1", "a 2", "b 0", "b 1"];

describe("a recording comes back as it was", () => {
  test.each([
    ["plain", (text: string) => Buffer.from(text)],
    ["gzip", (text: string) => gzipSync(text)],
    ["zstd", (text: string) => zstdCompressSync(text)],
  ])("%s", async (_name, pack) => {
    const { exporter, endpoint } = await collector();
    writeFileSync(join(directory, "r.jsonl"), pack(recording));
    expect(await devmux("r.jsonl", "--endpoint", endpoint)).toEqual({
      code: 0,
      out: `2 requests sent to ${endpoint}\n`,
      err: "",
    });
    await exporter.received(5);
    expect(exporter.bodies).toEqual(bodies);
  });
});

test("lines that are no requests are named and left out", async () => {
  const { exporter, endpoint } = await collector();
  writeFileSync(join(directory, "r.jsonl"), `{"a":1}\n\n${recording}{"resourceLogs":[{"sco`);
  const { code, out, err } = await devmux("r.jsonl", "--endpoint", endpoint);
  expect([code, out]).toEqual([1, `2 requests sent to ${endpoint}, 2 unreadable\n`]);
  expect(err).toBe(
    "line 1: no OTLP/JSON request: expected resourceLogs, resourceSpans or resourceMetrics\nline 5: no JSON; perhaps cut off\n",
  );
  expect(exporter.bodies).toEqual(bodies);
});

test("a file that is written meanwhile comes to an end", async () => {
  const file = join(directory, "r.jsonl");
  writeFileSync(file, recording);
  const { calls, endpoint } = await server(() => {
    appendFileSync(file, recording);
    return { status: 200 };
  });
  expect((await devmux("r.jsonl", "--endpoint", endpoint)).code).toBe(0);
  expect(calls).toHaveLength(2);
});

test("what is turned back for now is sent again after the wait that is asked for", async () => {
  writeFileSync(join(directory, "r.jsonl"), recording);
  const { calls, endpoint } = await server((call) =>
    call === 1 ? { status: 503, headers: { "retry-after": "1" } } : { status: 200 },
  );
  expect(await devmux("r.jsonl", "--endpoint", endpoint)).toMatchObject({ code: 0, err: "" });
  expect(calls.map(({ url }) => url)).toEqual(["/v1/logs", "/v1/logs", "/v1/logs"]);
  expect(calls[1]!.atMs - calls[0]!.atMs).toBeGreaterThanOrEqual(990);
});

test("what is refused for good is said, and the rest goes on; a server without such a path ends it", async () => {
  writeFileSync(join(directory, "r.jsonl"), recording);
  const strict = await server((call) => ({ status: call === 1 ? 400 : 200 }));
  expect(await devmux("r.jsonl", "--endpoint", strict.endpoint)).toEqual({
    code: 1,
    out: `1 requests sent to ${strict.endpoint}, 1 refused\n`,
    err: "line 1: answered 400: as told\n",
  });
  const other = await server(() => ({ status: 404 }));
  expect(await devmux("r.jsonl", "--endpoint", other.endpoint)).toMatchObject({
    code: 1,
    err: expect.stringContaining("takes no logs"),
  });
});

test("--speed keeps the tempo of the recording", async () => {
  const at = (ms: number) =>
    `${JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: String(1_700_000_000_000_000_000n + BigInt(ms) * 1_000_000n) }] }] }] })}\n`;
  writeFileSync(join(directory, "r.jsonl"), at(0) + at(600) + at(1_200));
  const { calls, endpoint } = await server(() => ({ status: 200 }));
  await devmux("r.jsonl", "--endpoint", endpoint, "--speed", "4");
  const gaps = [calls[1]!.atMs - calls[0]!.atMs, calls[2]!.atMs - calls[0]!.atMs];
  expect(gaps[0]).toBeGreaterThanOrEqual(120);
  expect(gaps[1]).toBeGreaterThanOrEqual(270);
  expect(gaps[1]).toBeLessThan(1_000);
});

test.each([
  [[], 2, "which file?"],
  [["x", "--speed", "0", "--endpoint", "http://x"], 2, '--speed: expected a number above 0, or max, got "0"'],
  [["x", "--endpoint", "ftp://x"], 2, "--endpoint: expected a URL"],
  [["gone.jsonl", "--endpoint", "http://127.0.0.1:1"], 4, "gone.jsonl cannot be read"],
  [["gone.jsonl"], 3, "the collector does not run"],
])("%j is refused", async (args, code, message) => {
  expect(await devmux(...args)).toMatchObject({ code, err: expect.stringContaining(message) });
});
