import { type AnyMap, type LogRecord, type Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { accepted, retryable } from "../../component/index.ts";
import { type RecordingConsumer, recordingConsumer, testProcessor, testSettings } from "../../testing/index.ts";
import { rateLimitProcessorFactory as factory } from "./factory.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"], now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each(testProcessor(factory, { records_per_second: 1, burst: 2 }))("$name", async ({ run }) => {
  vi.useRealTimers();
  await run();
});

function batch(count: number, service = "shop", severityNumber = 9): Logs {
  const resource: AnyMap = { "service.name": service, extra: "kept" };
  const builder = new LogsBuilder(resource, { name: "s" });
  for (let index = 0; index < count; index++) builder.add({ body: `${service} ${index}`, severityNumber });
  return builder.build();
}

function limiter(config: object = {}, next: RecordingConsumer = recordingConsumer()) {
  const settings = testSettings("rate_limit");
  const parsed = factory.config.parse({ records_per_second: 10, burst: 20, ...config });
  const processor = factory.create(settings, parsed, next);
  return { settings, next, processor, consume: (logs: Logs) => processor.consume(logs) };
}

const reports = (next: RecordingConsumer): LogRecord[] =>
  next.batches.flatMap((logs) => [...(logs as Logs).records()]).filter(({ eventName }) => eventName !== "");

test("a burst passes, then the rate", async () => {
  const { consume, next, settings } = limiter();
  expect(await consume(batch(30))).toEqual(accepted);
  expect(next.bodies).toEqual(Array.from({ length: 20 }, (_, index) => `shop ${index}`));
  expect(settings.drops.get("rate_limit")).toBe(10);
  for (let second = 0; second < 5; second++) {
    await vi.advanceTimersByTimeAsync(1_000);
    await consume(batch(30));
  }
  expect(next.bodies).toHaveLength(20 + 5 * 10);
  await vi.advanceTimersByTimeAsync(60_000);
  const before = next.bodies.length;
  await consume(batch(30));
  expect(next.bodies.length - before).toBe(20);
});

test("each stream has its own", async () => {
  const { consume, next } = limiter();
  await consume(batch(30, "loud"));
  await consume(batch(5, "quiet"));
  expect(next.bodies.filter((body) => body.startsWith("quiet"))).toHaveLength(5);
});

test("streams past the bound share one limit", async () => {
  const { consume, next } = limiter({ max_streams: 2 });
  for (const service of ["a", "b", "c", "d", "e"]) await consume(batch(20, service));
  expect(next.bodies).toHaveLength(3 * 20);
});

test("a stream is told what it lost, in a record of its own resource", async () => {
  const { consume, next, settings } = limiter();
  await consume(batch(25, "loud"));
  await vi.advanceTimersByTimeAsync(4_000);
  await consume(batch(100, "loud"));
  await consume(batch(3, "quiet"));
  await vi.advanceTimersByTimeAsync(5_999);
  expect(reports(next)).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  const [report, ...others] = reports(next);
  expect(others).toEqual([]);
  expect(report).toMatchObject({ severityNumber: 13, eventName: "devmux.records_dropped" });
  expect(report!.body).toBe("85 log records of 4 s dropped: more than 10 a second in this stream");
  expect({ ...report!.attributes() }).toEqual({
    "devmux.dropped.count": 85,
    "devmux.dropped.from_ms": 1_700_000_000_000,
    "devmux.dropped.to_ms": 1_700_000_004_000,
  });
  expect({ ...report!.resource.attributes() }).toEqual({ "service.name": "loud", extra: "kept" });
  expect(settings.counters.get("records_made")).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reports(next)).toHaveLength(1);
});

test("what is turned back takes nothing, and nothing of it is counted", async () => {
  const { consume, next, settings } = limiter({}, recordingConsumer(retryable("full"), retryable("full")));
  expect(await consume(batch(30))).toEqual(retryable("full"));
  expect(await consume(batch(30))).toEqual(retryable("full"));
  expect(settings.drops.size).toBe(0);
  expect(await consume(batch(30))).toEqual(accepted);
  expect(next.bodies).toHaveLength(20);
});

test("a report that is turned back comes with the next, with what was lost since", async () => {
  const { consume, next } = limiter({}, recordingConsumer(accepted, retryable("full", 50)));
  await consume(batch(25));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reports(next)).toEqual([]);
  await consume(batch(25));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reports(next).map((record) => record.attribute("devmux.dropped.count"))).toEqual([10]);
});

test("only what a condition matches is limited", async () => {
  const { consume, next } = limiter({ conditions: ["severity_number < SEVERITY_NUMBER_ERROR"] });
  await consume(batch(30, "shop", 17));
  expect(next.bodies).toHaveLength(30);
});

test("shutdown tells what was not told", async () => {
  const { consume, next, processor } = limiter();
  await consume(batch(25));
  await processor.shutdown!(AbortSignal.timeout(100));
  expect(reports(next)).toHaveLength(1);
});

test("the burst is five seconds of the rate unless it is said", () => {
  expect(factory.config.parse({ records_per_second: 3 })).toMatchObject({ burst: 15 });
  expect(factory.config.parse({ records_per_second: 0.1 })).toMatchObject({ burst: 1 });
});
