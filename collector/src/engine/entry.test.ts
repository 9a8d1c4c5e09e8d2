// Where batches enter: an answer in time, whatever the pipeline does, and numbers that say what came of it.

import { expect, test, vi } from "vitest";
import { accepted, type Consumer, retryable, type Verdict } from "../component/index.ts";
import { silentLog, testLogs } from "../testing/index.ts";
import { createEntry } from "./entry.ts";
import { createSettings } from "./settings.ts";
import { createStats } from "./stats.ts";
import { createStreams } from "./streams.ts";

function setUp(next: Consumer) {
  const stats = createStats("receiver", "test");
  const entry = createEntry(stats, createSettings(stats, silentLog), createStreams(), () => {});
  entry.lead(next, []);
  return { entry, stats };
}

test("a pipeline that does not answer: its client is told to come again after two seconds, and what comes of it is counted", async () => {
  vi.useFakeTimers();
  try {
    let answer = (_verdict: Verdict) => {};
    const { entry, stats } = setUp({
      consume: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    let told: Verdict | undefined;
    void entry.consume(testLogs(3), "http").then((verdict) => {
      told = verdict;
    });
    await vi.advanceTimersByTimeAsync(1_990);
    expect(told).toBeUndefined();
    await vi.advanceTimersByTimeAsync(20);
    expect(told).toMatchObject({ kind: "retryable", retryAfterMs: 250 });
    expect(stats.signals.logs).toMatchObject({ accepted: 0, refused: 0 });
    answer(accepted);
    await vi.advanceTimersByTimeAsync(0);
    expect(stats.signals.logs).toMatchObject({ accepted: 3, refused: 0 });
  } finally {
    vi.useRealTimers();
  }
});

test("a gate that stays closed: told to come again, nothing was handed on", async () => {
  vi.useFakeTimers();
  try {
    let handed = 0;
    const { entry, stats } = setUp({
      async consume() {
        handed++;
        return accepted;
      },
    });
    const open = entry.hold();
    const first = entry.consume(testLogs(2));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await first).toMatchObject({ kind: "retryable" });
    const second = entry.consume(testLogs(2));
    open();
    expect(await second).toEqual(accepted);
    expect([handed, stats.signals.logs.accepted, stats.signals.logs.refused]).toEqual([1, 2, 2]);
  } finally {
    vi.useRealTimers();
  }
});

test("a component that throws answers with a refusal, is counted, and does not reach the client as an exception", async () => {
  const { entry, stats } = setUp({
    async consume() {
      throw new Error("a bug with something private in it");
    },
  });
  const verdict = await entry.consume(testLogs(4), "grpc");
  expect(verdict.kind).toBe("rejected");
  expect(JSON.stringify(verdict)).not.toContain("private");
  expect(stats.drops.get("internal_error")).toEqual({ count: 4, intended: false });
  expect(stats.transports.get("grpc")?.requests).toEqual({ success: 0, refused: 0, failure: 1 });
});

test("what is turned back is counted as often as it comes", async () => {
  const { entry, stats } = setUp({ consume: async () => retryable("no room") });
  for (let time = 0; time < 3; time++) await entry.consume(testLogs(2), "http");
  expect([stats.signals.logs.refused, stats.transports.get("http")?.requests.refused]).toEqual([6, 3]);
});
