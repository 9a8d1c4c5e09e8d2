// With a clock of its own: what happens after which time, whatever a connection does not do.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Care, Cared } from "./care.ts";
import type { Batch } from "./outbox.ts";
import { createStatus, type ExporterStatus } from "./status.ts";

let care: Care;
let status: ExporterStatus;
let batches: Batch[];
let calls: string[];

beforeEach(async () => {
  vi.useFakeTimers();
  // The timers are those of the moment when it is loaded.
  vi.resetModules();
  const { createCare } = await import("./care.ts");
  status = createStatus("c");
  batches = [];
  calls = [];
  const cared = {
    url: "ws://x",
    status,
    outbox: {
      batches: () => batches,
      settle: (...args: unknown[]) => calls.push(`settle ${args.join(" ")}`),
      resendFrom: (sequence: number) => calls.push(`resend from ${sequence}`),
    },
    connect: () => calls.push("connect"),
    fail: (problem: string) => calls.push(problem),
    pump: () => calls.push("pump"),
  } as unknown as Cared;
  care = createCare(cared, () => 1);
});
afterEach(() => {
  vi.useRealTimers();
});

function move(state: ExporterStatus["state"]): void {
  status.state = state;
  care.attend();
}

function batch(sequence: number): Batch {
  return { sequence, bytes: 1, items: [], sent: true };
}

test("an attempt follows a failed one after the back-off, once", () => {
  move("waiting");
  vi.advanceTimersByTime(499);
  expect(calls).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(calls).toEqual(["connect"]);
});

test("who answers nothing for ten seconds is not there", () => {
  move("connecting");
  vi.advanceTimersByTime(9_999);
  expect(calls).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(calls).toEqual(["ws://x does not answer"]);
});

test("who acknowledges nothing is gone, however much there is to send", () => {
  move("open");
  for (let second = 0; second < 14; second++) {
    batches.push(batch(batches.length + 1));
    vi.advanceTimersByTime(1_000);
  }
  expect(calls).toEqual([]);
  vi.advanceTimersByTime(17_000);
  expect(calls).toEqual(["ws://x does not answer"]);
});

test("who says anything, or owes nothing, is not gone", () => {
  move("open");
  vi.advanceTimersByTime(100_000);
  batches.push(batch(1));
  for (let second = 0; second < 60; second++) {
    vi.advanceTimersByTime(1_000);
    if (second % 10 === 0) care.heard({ type: "ack", payload: { sequence: 0 } } as never);
  }
  expect(calls).toEqual([]);
});

test("a pause is as long as it was asked for, a minute at most, and no silence", () => {
  batches.push(batch(1), batch(2));
  move("open");
  const ask = (retryAfterMs: number): void =>
    care.heard({ type: "error", payload: { code: "X", error: "busy", retryAfterMs, sequence: 2 } } as never);
  ask(20_000);
  expect([care.isPaused, calls]).toEqual([true, ["resend from 2"]]);
  vi.advanceTimersByTime(19_999);
  expect(care.isPaused).toBe(true);
  vi.advanceTimersByTime(1);
  expect([care.isPaused, calls]).toEqual([false, ["resend from 2", "pump"]]);
  ask(1e9);
  vi.advanceTimersByTime(60_000);
  expect(care.isPaused).toBe(false);
  // The connection ends: so does the pause.
  ask(50_000);
  move("waiting");
  expect(care.isPaused).toBe(false);
});

test("what is refused for good is settled, and said", () => {
  move("open");
  care.heard({ type: "error", payload: { code: "X", error: "not you", sequence: 7 } } as never);
  expect(calls).toEqual(["settle refused 7"]);
  expect(status).toMatchObject({ problem: "not you", refusedReason: "not you" });
});
