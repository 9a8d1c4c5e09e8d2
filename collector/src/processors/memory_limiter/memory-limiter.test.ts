import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { accepted } from "../../component/index.ts";
import { parseWith } from "../../config/schema.ts";
import { recordingConsumer, testHost, testLogs, testProcessor, testSettings } from "../../testing/index.ts";
import { memoryLimiterProcessorFactory as factory } from "./factory.ts";
import { processMemory } from "./memory.ts";
import { createMemoryLimiter } from "./memory-limiter.ts";

const mebibyte = 1_048_576;

test.each(testProcessor(factory, { limit_mib: 4_000 }))("$name", ({ run }) => run());
test.each(testProcessor(factory, { limit_mib: 1 }))("with too little memory: $name", ({ run }) => run());

describe("limits", () => {
  const parse = (config: object) => factory.config.parse(config);

  test("soft is hard less the spike", () => {
    expect(parse({ limit_mib: 100 })).toMatchObject({ hardBytes: 100 * mebibyte, softBytes: 80 * mebibyte });
    expect(parse({ limit_mib: 100, spike_limit_mib: 30 })).toMatchObject({ softBytes: 70 * mebibyte });
    expect(parse({})).toMatchObject({ hardBytes: 200 * mebibyte, checkIntervalMs: 1_000 });
  });

  test("percentages are of the machine's memory", () => {
    const half = parse({ limit_percentage: 50, spike_limit_percentage: 10 });
    expect(half.softBytes / half.hardBytes).toBeCloseTo(0.8, 5);
    expect(half.hardBytes).toBeGreaterThan(100 * mebibyte);
  });

  test("a spike above the limit is a problem of the configuration", () => {
    expect(parseWith(factory.config, { limit_mib: 10, spike_limit_mib: 20 }, "processors.memory_limiter")).toEqual({
      ok: false,
      problems: [
        {
          path: "processors.memory_limiter.spike_limit_mib",
          message: "expected a spike limit below the limit of 10 MiB, got 20 MiB",
        },
      ],
    });
  });
});

describe("with a memory of the test's", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function limiter(config: object = {}) {
    const memory = { used: 50, garbage: 0, collections: 0 };
    const settings = testSettings();
    const next = recordingConsumer();
    const processor = createMemoryLimiter(
      settings,
      factory.config.parse({ limit_mib: 100 / mebibyte, spike_limit_mib: 20 / mebibyte, ...config }),
      next,
      {
        used: () => memory.used + memory.garbage,
        collect() {
          memory.collections++;
          memory.garbage = 0;
        },
      },
    );
    await processor.start!(testHost("/nowhere"));
    return { memory, settings, next, processor, consume: () => processor.consume(testLogs(1)) };
  }

  test("turns back above the soft limit, and takes again below it", async () => {
    const { memory, settings, next, consume } = await limiter();
    memory.used = 81;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await consume()).toEqual({
      kind: "retryable",
      reason: "the collector's memory is short",
      retryAfterMs: 1_000,
    });
    expect(next.bodies).toEqual([]);
    memory.used = 80;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await consume()).toEqual(accepted);
    expect(settings.states.map(({ state }) => state)).toEqual(["degraded", "ok"]);
    expect(settings.counters.get("batches_refused")).toBe(1);
  });

  test("garbage is collected before anything is turned back, but not all the time", async () => {
    const { memory, consume } = await limiter();
    memory.garbage = 40;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(memory.collections).toBe(1);
    expect(await consume()).toEqual(accepted);
    memory.garbage = 40;
    await vi.advanceTimersByTimeAsync(9_000);
    expect(memory.collections).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(memory.collections).toBe(2);
    memory.used = 101;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(memory.collections).toBe(5);
  });

  test("looks again before the interval ends where much came in", async () => {
    const { memory, consume } = await limiter();
    memory.used = 101;
    // One batch alone is larger than half of this spike of twenty bytes.
    expect((await consume()).kind).toBe("retryable");
  });

  test("after shutdown it stands in nobody's way", async () => {
    const { memory, processor, consume } = await limiter();
    memory.used = 101;
    await vi.advanceTimersByTimeAsync(1_000);
    await processor.shutdown!(AbortSignal.timeout(10));
    expect(await consume()).toEqual(accepted);
  });
});

test("measures what this process really holds", async () => {
  const memory = processMemory();
  memory.collect();
  const before = memory.used();
  const config = { limit_mib: (before + 60 * mebibyte) / mebibyte, spike_limit_mib: 20, check_interval: "10ms" };
  const processor = createMemoryLimiter(testSettings(), factory.config.parse(config), recordingConsumer());
  await processor.start!(testHost("/nowhere"));
  expect(await processor.consume(testLogs(1))).toEqual(accepted);
  let held: Uint8Array[] | undefined = Array.from({ length: 80 }, () => new Uint8Array(mebibyte).fill(1));
  const verdictOf = async (kind: string) => {
    while ((await processor.consume(testLogs(1))).kind !== kind) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await verdictOf("retryable");
  expect(held.length).toBe(80);
  held = undefined;
  await verdictOf("accepted");
  await processor.shutdown!(AbortSignal.timeout(10));
});
