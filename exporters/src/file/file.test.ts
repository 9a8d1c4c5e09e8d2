import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { Logs, logsFromJson, OpaqueBatch, opaqueFromJson } from "@chriscode/devmux-telemetry-protocol";
import { bodiesOf, testHost, testLogs, testSettings } from "@chriscode/devmux-telemetry-server/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { canMount, smallDisk } from "../../test/small-disk.ts";
import { fileConfig } from "./config.ts";
import { createFileExporter } from "./file.ts";
import { createRotation } from "./rotation.ts";

const never = new AbortController().signal;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "devmux-file-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function start(config: object = {}, at = directory) {
  const settings = testSettings("file");
  const exporter = createFileExporter(settings, fileConfig.parse(config));
  await exporter.start?.(testHost(at));
  return { settings, exporter, path: join(at, "telemetry.jsonl") };
}

const linesOf = (text: string) => text.split("\n").slice(0, -1);
const names = () => readdirSync(directory).sort();

test("a batch is a line, the request that came; the file is private", async () => {
  const { exporter, path } = await start();
  const batches = [testLogs(3), testLogs(2, "more ")];
  for (const batch of batches) expect(await exporter.export(batch, never)).toEqual({ kind: "accepted" });
  const lines = linesOf(readFileSync(path, "utf8"));
  expect(lines.map((line) => logsFromJson(line).logs.toJson())).toEqual(batches.map((batch) => batch.toJson()));
  expect(lines.flatMap((line) => bodiesOf(logsFromJson(line).logs))).toEqual([
    "record 0",
    "record 1",
    "record 2",
    "more 0",
    "more 1",
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("traces and metrics too, as they came", async () => {
  const { exporter, path } = await start();
  const request = {
    resourceSpans: [
      {
        scopeSpans: [
          { spans: [{ traceId: "0102030405060708090a0b0c0d0e0f10", spanId: "0102030405060708", name: "GET" }] },
        ],
      },
    ],
  };
  const { batch } = opaqueFromJson("traces", request);
  await exporter.export(batch, never);
  await exporter.export(OpaqueBatch.fromProtobuf("metrics", new Uint8Array()), never);
  const [traces, metrics] = linesOf(readFileSync(path, "utf8"));
  expect(JSON.parse(traces!)).toEqual(request);
  expect(JSON.parse(metrics!)).toEqual({});
});

test("a restart goes on with the file; a line that was cut off stays alone", async () => {
  const first = await start();
  await first.exporter.export(testLogs(1, "before "), never);
  await first.exporter.shutdown?.(never);
  appendFileSync(first.path, '{"resourceLogs":[{"sco');
  const { exporter, settings, path } = await start();
  await exporter.export(testLogs(1, "after "), never);
  const lines = linesOf(readFileSync(path, "utf8"));
  expect(lines).toHaveLength(3);
  expect([lines[0]!, lines[2]!].flatMap((line) => bodiesOf(logsFromJson(line).logs))).toEqual(["before 0", "after 0"]);
  expect(settings.counters.get("file_torn")).toBe(1);
});

test("past its size it is renamed with the time and a new one begins; no record is lost, the oldest files go", async () => {
  const line = Buffer.byteLength(testLogs(10).toJson()) + 1;
  const config = { rotation: { max_megabytes: (line * 2) / 1024 / 1024, max_backups: 2 } };
  const { exporter, settings, path } = await start(config);
  for (let index = 0; index < 9; index++) await exporter.export(testLogs(10, "record ", index * 10), never);
  await exporter.shutdown?.(never);
  expect(settings.counters.get("files_rotated")).toBeGreaterThanOrEqual(4);
  const kept = names();
  expect(kept).toHaveLength(3);
  expect(kept.filter((name) => /^telemetry-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.jsonl$/.test(name))).toHaveLength(2);
  const all = kept
    .flatMap((name) => linesOf(readFileSync(join(directory, name), "utf8")))
    .flatMap((each) => bodiesOf(logsFromJson(each).logs));
  expect(all).toEqual(expect.arrayContaining(Array.from({ length: 10 }, (_, index) => `record ${80 + index}`)));
  expect(new Set(all).size).toBe(all.length);
  for (const name of kept) expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(line * 2 + 64);
  expect(existsSync(path)).toBe(true);
});

test.each([
  ["gzip", ".gz", gunzipSync],
  ["zstd", ".zst", zstdDecompressSync],
] as const)(
  "%s: what was rotated is compressed as a whole, and nothing else is left",
  async (compression, end, open) => {
    const { exporter } = await start({ compression, rotation: { max_megabytes: 0.0001 } });
    const [a, b] = [testLogs(50, "a "), testLogs(50, "b ")];
    await exporter.export(a, never);
    await exporter.export(b, never);
    await exporter.shutdown?.(never);
    const compressed = names().filter((name) => name.endsWith(end));
    expect([compressed.length, names().length]).toEqual([1, 2]);
    const bytes = readFileSync(join(directory, compressed[0]!));
    expect(open(bytes).toString("utf8")).toBe(`${a.toJson()}\n`);
    expect(bytes.length).toBeLessThan(a.toJson().length / 3);
    expect(statSync(join(directory, compressed[0]!)).mode & 0o777).toBe(0o600);
  },
);

test("a stop that may not wait leaves the file whole and uncompressed", async () => {
  const { exporter } = await start({ compression: "gzip", rotation: { max_megabytes: 0.0001 } });
  const a = testLogs(50);
  await exporter.export(a, never);
  await exporter.export(testLogs(1), never);
  await exporter.shutdown?.(AbortSignal.abort());
  expect(names().filter((name) => name.includes("partial"))).toEqual([]);
  expect(names()).toHaveLength(2);
});

test("what is too old goes; files that only look alike stay", async () => {
  const old = join(directory, "telemetry-2020-01-01T00-00-00.000.jsonl");
  for (const name of [
    old,
    join(directory, "telemetry-notes.jsonl"),
    join(directory, "telemetry-2020-01-01T00-00-00.000.txt"),
  ]) {
    writeFileSync(name, "x\n");
    utimesSync(name, 1, 1);
  }
  await start({ rotation: { max_days: 1 } });
  expect(names()).toEqual(["telemetry-2020-01-01T00-00-00.000.txt", "telemetry-notes.jsonl", "telemetry.jsonl"]);
});

test("two rotations in one millisecond have two names", () => {
  const path = join(directory, "x.jsonl");
  const rotation = createRotation(path, fileConfig.parse({}), testSettings(), () => 1_700_000_000_000);
  for (const text of ["one", "two"]) {
    writeFileSync(path, text);
    expect(rotation.rotate()).toBeUndefined();
  }
  expect(names()).toEqual(["x-2023-11-14T22-13-20.000.jsonl", "x-2023-11-14T22-13-20.001.jsonl"]);
});

test("a file that the user moved away begins anew; a directory in its place is said", async () => {
  const { exporter, path } = await start();
  await exporter.export(testLogs(1), never);
  rmSync(path);
  await exporter.export(testLogs(1, "again "), never);
  expect(linesOf(readFileSync(path, "utf8"))).toHaveLength(1);
  rmSync(path);
  execFileSync("mkdir", [path]);
  expect(await exporter.export(testLogs(1), never)).toMatchObject({
    kind: "retryable",
    reason: expect.stringContaining("directory"),
  });
});

test.runIf(canMount)("a full disk is retryable, and with room again every line is whole", async () => {
  const disk = smallDisk(256 * 1024);
  const { exporter, path } = await start({}, disk.directory);
  await exporter.export(testLogs(1, "first "), never);
  disk.fill();
  const batch = testLogs(100, "later ");
  expect(await exporter.export(batch, never)).toMatchObject({
    kind: "retryable",
    reason: expect.stringMatching(/disk is (probably )?full/),
  });
  disk.free();
  expect(await exporter.export(batch, never)).toEqual({ kind: "accepted" });
  const whole = linesOf(readFileSync(path, "utf8")).flatMap((line) => {
    try {
      return bodiesOf(logsFromJson(line).logs);
    } catch {
      return [];
    }
  });
  expect(whole).toEqual(["first 0", ...bodiesOf(Logs.fromProtobuf(batch.encode()))]);
});
