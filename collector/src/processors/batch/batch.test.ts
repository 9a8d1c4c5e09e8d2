import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  accepted,
  type Batch,
  type Consumer,
  partlyAccepted,
  rejected,
  retryable,
  type Verdict,
} from "../../component/index.ts";
import { parseWith } from "../../config/schema.ts";
import { recordingConsumer, testLogs, testProcessor, testSettings } from "../../testing/index.ts";
import { batchProcessorFactory as factory } from "./factory.ts";

const configs = [{ timeout: "5ms" }, { timeout: "5ms", send_batch_size: 4, send_batch_max_size: 4 }];
describe.each(configs)("%o", (config) => {
  test.each(testProcessor(factory, config))("$name", async ({ run }) => {
    vi.useRealTimers();
    await run();
  });
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;

function batcher(config: object, next: Consumer) {
  const settings = testSettings();
  return { settings, processor: factory.create(settings, factory.config.parse(config), next) };
}

const sizes = (batches: readonly Batch[]) => batches.map(({ itemCount }) => itemCount);

test("joins what comes until it is enough, or the time is over", async () => {
  const next = recordingConsumer();
  const { processor, settings } = batcher({ send_batch_size: 10 }, next);
  const answers = [processor.consume(testLogs(4, "a")), processor.consume(testLogs(4, "b"))];
  await vi.advanceTimersByTimeAsync(199);
  expect(next.batches).toEqual([]);
  answers.push(processor.consume(testLogs(4, "c")));
  expect(await Promise.all(answers)).toEqual([accepted, accepted, accepted]);
  expect(sizes(next.batches)).toEqual([12]);
  expect(next.bodies.slice(3, 6)).toEqual(["a3", "b0", "b1"]);

  const late = processor.consume(testLogs(1));
  await vi.advanceTimersByTimeAsync(200);
  expect(await late).toEqual(accepted);
  expect(sizes(next.batches)).toEqual([12, 1]);
  expect(Object.fromEntries(settings.counters)).toEqual({ size_trigger_send: 1, timeout_trigger_send: 1 });
});

test("never joins past the largest sizes, and splits what is larger", async () => {
  const next = recordingConsumer();
  const { processor } = batcher({ send_batch_size: 10, send_batch_max_size: 10 }, next);
  const answers = [processor.consume(testLogs(6)), processor.consume(testLogs(6)), processor.consume(testLogs(25))];
  await vi.advanceTimersByTimeAsync(200);
  await Promise.all(answers);
  expect(sizes(next.batches)).toEqual([6, 6, 10, 10, 5]);

  const bytes = recordingConsumer();
  const small = batcher({ send_batch_max_bytes: 2_048 }, bytes).processor;
  const answer = small.consume(testLogs(100));
  await vi.advanceTimersByTimeAsync(200);
  await answer;
  expect(bytes.batches.length).toBeGreaterThan(2);
  expect(Math.max(...bytes.batches.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(2_048);
  expect(bytes.bodies).toHaveLength(100);
});

test.each<[string, Verdict]>([
  ["retryable", retryable("full", 10)],
  ["rejected", rejected("no")],
])("all that were joined get the verdict: %s", async (_kind, verdict) => {
  const { processor } = batcher({}, recordingConsumer(verdict));
  const answers = [processor.consume(testLogs(2)), processor.consume(testLogs(3))];
  await vi.advanceTimersByTimeAsync(200);
  expect(await Promise.all(answers)).toEqual([verdict, verdict]);
});

test("refused records are shared out, no more than each had", async () => {
  const { processor } = batcher({}, recordingConsumer(partlyAccepted(4, "malformed")));
  const answers = [processor.consume(testLogs(3)), processor.consume(testLogs(3)), processor.consume(testLogs(3))];
  await vi.advanceTimersByTimeAsync(200);
  expect(await Promise.all(answers)).toEqual([
    partlyAccepted(3, "malformed"),
    partlyAccepted(1, "malformed"),
    accepted,
  ]);
});

test("what follows a part that was taken is tried again, and refused when that takes too long", async () => {
  const config = { send_batch_size: 5, send_batch_max_size: 5 };
  const once = recordingConsumer(accepted, retryable("full", 50));
  const first = batcher(config, once).processor.consume(testLogs(10));
  await vi.advanceTimersByTimeAsync(50);
  expect(await first).toEqual(accepted);
  expect(once.bodies).toHaveLength(10);

  const always = recordingConsumer(accepted, ...new Array(1_000).fill(retryable("full", 50)));
  const second = batcher(config, always).processor.consume(testLogs(10));
  await vi.advanceTimersByTimeAsync(2_500);
  expect(await second).toEqual(partlyAccepted(5, "full"));
});

test("shutdown hands on what waits, and does not wait for it longer than it may", async () => {
  const next = recordingConsumer();
  const { processor } = batcher({}, next);
  const answer = processor.consume(testLogs(2));
  await processor.shutdown!(never);
  expect(await answer).toEqual(accepted);

  const stuck = batcher({}, { consume: () => new Promise<Verdict>(() => {}) }).processor;
  void stuck.consume(testLogs(2));
  vi.useRealTimers();
  await stuck.shutdown!(AbortSignal.timeout(10));
});

test("a largest size below the usual one is a problem of the configuration", () => {
  expect(parseWith(factory.config, { send_batch_size: 10, send_batch_max_size: 5 }, "processors.batch")).toEqual({
    ok: false,
    problems: [
      {
        path: "processors.batch.send_batch_max_size",
        message: "expected at least send_batch_size (10), or 0 for no limit, got 5",
      },
    ],
  });
});
