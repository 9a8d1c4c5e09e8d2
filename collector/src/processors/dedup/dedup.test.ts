import { type AnyMap, type LogRecordInit, Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { accepted, rejected, retryable } from "../../component/index.ts";
import { type RecordingConsumer, recordingConsumer, testProcessor, testSettings } from "../../testing/index.ts";
import { dedupProcessorFactory as factory } from "./factory.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each(testProcessor(factory))("$name", async ({ run }) => {
  vi.useRealTimers();
  await run();
});

const never = new AbortController().signal;
let uid = 0;

function batch(
  bodies: readonly string[],
  init: LogRecordInit = {},
  resource: AnyMap = { "service.name": "shop" },
): Logs {
  const builder = new LogsBuilder(resource, { name: "s" });
  for (const body of bodies) {
    uid++;
    const attributes = { "log.record.uid": `u-${uid}`, ...init.attributes };
    builder.add({ timeMs: 1_700_000_000_000 + uid, severityNumber: 9, ...init, body, attributes });
  }
  return builder.build();
}

function dedup(config: object = {}, next: RecordingConsumer = recordingConsumer()) {
  const settings = testSettings("dedup");
  const processor = factory.create(settings, factory.config.parse(config), next);
  return { settings, next, processor, consume: (logs: Logs) => processor.consume(logs) };
}

/** What was told, with its count. */
function toldBy(next: RecordingConsumer): [string, unknown][] {
  return next.batches
    .flatMap((logs) => [...(logs as Logs).records()])
    .filter((record) => record.attribute("log_count") !== undefined)
    .map((record) => [String(record.body), record.attribute("log_count")]);
}

test("the first passes at once, repeats are told by one record when the interval ends", async () => {
  const { consume, next, settings } = dedup();
  expect(await consume(batch(["a", "b", "a"]))).toEqual(accepted);
  expect(next.bodies).toEqual(["a", "b"]);
  await consume(batch(["a"]));
  await consume(batch(["b", "c"]));
  expect(next.bodies).toEqual(["a", "b", "c"]);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(toldBy(next)).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(toldBy(next)).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
  expect(settings.drops.get("duplicate")).toBe(1);
});

test("the record that tells is the last repeat as it came, with when the first and the last were", async () => {
  const { consume, next } = dedup();
  const start = 1_700_000_000_000;
  for (const offset of [0, 5, 3, 9])
    await consume(batch(["a"], { timeMs: start + offset, traceId: `0${offset}`.padEnd(32, "1") }));
  await vi.advanceTimersByTimeAsync(10_000);
  const [record] = [...Logs.fromProtobuf(next.batches.at(-1)!.encode()).records()];
  expect(record!.timeMs).toBe(start + 9);
  expect(record!.traceId).toBe("09".padEnd(32, "1"));
  expect(record!.attribute("log.record.uid")).toBe(`u-${uid}`);
  expect(record!.attribute("log_count")).toBe(3);
  expect(record!.attribute("first_observed_timestamp")).toBe(new Date(start + 3).toISOString());
  expect(record!.attribute("last_observed_timestamp")).toBe(new Date(start + 9).toISOString());
});

test("what goes on repeating is told once in each interval, what does not passes again", async () => {
  const { consume, next } = dedup();
  for (let second = 0; second < 25; second++) {
    await consume(batch(["a"]));
    await vi.advanceTimersByTimeAsync(1_000);
  }
  await vi.advanceTimersByTimeAsync(10_000);
  expect(toldBy(next)).toEqual([
    ["a", 9],
    ["a", 10],
    ["a", 5],
  ]);
  await vi.advanceTimersByTimeAsync(10_000);
  await consume(batch(["a"]));
  expect(next.bodies.length).toBe(5);
});

test.each<[string, LogRecordInit, AnyMap?]>([
  ["severity", { severityNumber: 17 }],
  ["attributes", { attributes: { user: "ada" } }],
  ["event name", { eventName: "e" }],
  ["resource", {}, { "service.name": "api" }],
])("another %s makes another record", async (_what, init, resource) => {
  const { consume, next } = dedup();
  await consume(batch(["a"]));
  await consume(batch(["a"], init, resource));
  expect(next.bodies).toEqual(["a", "a"]);
});

test("other time, trace and excluded attributes do not", async () => {
  const { consume, next } = dedup({ exclude_fields: ["attributes.log.record.uid", "attributes.request.id"] });
  await consume(batch(["a"], { attributes: { "request.id": "1" }, traceId: "11".repeat(16) }));
  await consume(batch(["a"], { attributes: { "request.id": "2" }, traceId: "22".repeat(16) }));
  expect(next.bodies).toEqual(["a"]);
});

test("long records are compared as well", async () => {
  const { consume, next } = dedup();
  const long = "x".repeat(5_000);
  await consume(batch([`${long}1`, `${long}2`, `${long}1`]));
  expect(next.bodies).toEqual([`${long}1`, `${long}2`]);
});

test("only records that a condition matches are compared", async () => {
  const { consume, next } = dedup({ conditions: ["severity_number < SEVERITY_NUMBER_ERROR"] });
  await consume(batch(["a", "a"], { severityNumber: 17 }));
  await consume(batch(["b", "b"]));
  expect(next.bodies).toEqual(["a", "a", "b"]);
});

test("a batch that is turned back or rejected leaves no trace: its records are still first", async () => {
  const { consume, next, settings } = dedup({}, recordingConsumer(retryable("full"), rejected("no")));
  expect(await consume(batch(["a", "a"]))).toEqual(retryable("full"));
  expect(await consume(batch(["a", "a"]))).toEqual(rejected("no"));
  expect(settings.drops.size).toBe(0);
  await consume(batch(["a", "a"]));
  expect(next.bodies).toEqual(["a"]);
});

test("what could not be told is told with the next interval, with what came meanwhile", async () => {
  const { consume, next } = dedup({}, recordingConsumer(accepted, retryable("full", 50)));
  await consume(batch(["a", "a", "a"]));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(toldBy(next)).toEqual([]);
  await consume(batch(["a"]));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(toldBy(next)).toEqual([["a", 3]]);
});

test("what is refused downstream is counted", async () => {
  const { consume, settings } = dedup({}, recordingConsumer(accepted, rejected("no")));
  await consume(batch(["a", "a", "b", "b"]));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(settings.drops.get("refused_downstream")).toBe(2);
});

test("past its bounds the oldest is told early", async () => {
  const few = dedup({ max_entries: 2 });
  await few.consume(batch(["a", "a", "b", "c"]));
  await vi.advanceTimersByTimeAsync(0);
  expect(toldBy(few.next)).toEqual([["a", 1]]);
  expect(few.settings.counters.get("told_early")).toBe(1);

  const small = dedup({ max_size: 65_536 });
  const large = "x".repeat(30_000);
  for (const body of ["1", "2", "3", "4"]) await small.consume(batch([large + body, large + body]));
  await vi.advanceTimersByTimeAsync(0);
  expect(small.settings.counters.get("told_early")).toBeGreaterThan(0);
});

test("shutdown tells what is held, and counts what it cannot", async () => {
  const { consume, next, processor } = dedup();
  await consume(batch(["a", "a", "a"]));
  await processor.shutdown!(never);
  expect(toldBy(next)).toEqual([["a", 2]]);

  const full = dedup({}, recordingConsumer(accepted, ...new Array(100).fill(retryable("full", 1))));
  await full.consume(batch(["a", "a", "b", "b"]));
  vi.useRealTimers();
  await full.processor.shutdown!(AbortSignal.timeout(20));
  expect(full.settings.drops.get("shutdown")).toBe(2);
});

test("the bytes of large batches are not held on to", async () => {
  const { consume, next } = dedup();
  await consume(batch(["a", ...Array.from({ length: 1_000 }, (_, index) => `filler ${index} ${"x".repeat(1_000)}`)]));
  await consume(batch(["a"]));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(next.batches.at(-1)!.encode().buffer.byteLength).toBeLessThan(1_000);
});

test("a field that is no attribute is refused with what is expected", () => {
  const issue = factory.config.safeParse({ exclude_fields: ["body"] }).error?.issues[0];
  expect(issue?.message).toBe("expected attributes.<key>, such as attributes.log.record.uid");
});
