// Delivery by real processes: what was acknowledged arrives, whatever happens in between. `run.ts` plays the same for longer.

import { afterEach, expect, test } from "vitest";
import { clockJumps, reloaded } from "./changes.ts";
import { canMount, damaged, failingSyncs, fullDisk } from "./disks.ts";
import type { Outcome } from "./outcome.ts";
import { pressed } from "./pressure.ts";
import { awayAndBack, killLoop, overload, refusing, stuckBeside, terminated } from "./scenarios.ts";

/** Nobody waits longer for an answer. */
const maxAnswerMs = 2_000;
const timeout = 90_000;

let outcome: Outcome | undefined;
afterEach(({ task }) => {
  if (outcome !== undefined) console.log(`${task.name}: ${JSON.stringify(outcome)}`);
  outcome = undefined;
});

/** Everything that was sent is delivered, but for what a processor left out because it was told to. */
function assertDelivered({ sent, acknowledged, delivered, intended, dropped, lost, slowestAnswerMs }: Outcome): void {
  expect({ acknowledged, arrived: delivered + intended, dropped, lost }).toEqual({
    acknowledged: sent,
    arrived: sent,
    dropped: 0,
    lost: 0,
  });
  // The processors did leave out something.
  expect(intended).toBeGreaterThan(sent / 20);
  expect(slowestAnswerMs).toBeLessThan(maxAnswerMs);
}

test("20 kill -9 under load: nothing acknowledged is lost, and first deliveries are in order", {
  timeout: 2 * timeout,
}, async () => {
  const kills = 20;
  outcome = await killLoop(kills);
  expect([outcome.acknowledged, outcome.lost, outcome.ordered]).toEqual([outcome.sent, 0, true]);
  expect(outcome.slowestAnswerMs).toBeLessThan(maxAnswerMs);
  // At most what was on its way to the backend, and what the client had no answer for, at each kill.
  expect(outcome.duplicates).toBeLessThan(kills * 400);
});

test("SIGTERM with the backend down: ends within five seconds, all of it arrives after the next start", {
  timeout,
}, async () => {
  const { stopMs, ...rest } = await terminated();
  outcome = rest;
  assertDelivered(rest);
  expect(rest.kept).toBe(rest.delivered);
  expect([stopMs < 5_000, rest.duplicates, rest.ordered]).toEqual([true, 0, true]);
});

test("a backend that refuses seven of ten requests gets everything once, in order", { timeout }, async () => {
  outcome = await refusing(10_000);
  assertDelivered(outcome);
  expect([outcome.duplicates, outcome.ordered]).toEqual([0, true]);
});

test("a backend that is away twice gets everything once, in order", { timeout }, async () => {
  outcome = await awayAndBack(10_000);
  assertDelivered(outcome);
  expect(outcome.ordered).toBe(true);
});

test.runIf(canMount)(
  "the storage's disk is full: clients are told to wait, nothing is lost, and it goes on by itself",
  { timeout },
  async () => {
    const { refusals, ...rest } = await fullDisk();
    outcome = rest;
    assertDelivered(rest);
    expect(refusals).toBeGreaterThan(3);
  },
);

test("syncs of the storage fail: nothing of them is acknowledged, and it goes on with another file", {
  timeout,
}, async () => {
  const { refusals, ...rest } = await failingSyncs();
  outcome = rest;
  assertDelivered(rest);
  expect([refusals >= 3, rest.ordered]).toEqual([true, true]);
});

test("what waits is damaged between two lives: what cannot be read is counted, all else arrives", {
  timeout,
}, async () => {
  outcome = await damaged(1);
  const { sent, acknowledged, delivered, dropped, lost, duplicates } = outcome;
  expect([acknowledged, delivered + dropped, lost, duplicates]).toEqual([sent, sent, 0, 0]);
  expect(dropped).toBeGreaterThan(0);
});

test("the exporter and its storage change while the backend is down, with kills in between: nothing is lost", {
  timeout,
}, async () => {
  outcome = await reloaded(6);
  expect([outcome.acknowledged, outcome.lost]).toEqual([outcome.sent, 0]);
  // A client may be held back for 1.5 s while what it feeds changes, and then be told to wait.
  expect(outcome.slowestAnswerMs).toBeLessThan(maxAnswerMs);
});

test("a clock that jumps by days loses nothing, and keeps the order", { timeout }, async () => {
  outcome = await clockJumps(5_000);
  assertDelivered(outcome);
  expect(outcome.ordered).toBe(true);
});

test("overload: refused in time and delivered in the end, under 256 MB", { timeout }, async () => {
  const result = await overload(4);
  outcome = result;
  assertDelivered(result);
  expect(result.accepted).toBe(result.sent);
  // More than fifty requests of a thousand records.
  expect(result.refused).toBeGreaterThan(50_000);
  expect(result.maxResidentMegabytes).toBeLessThan(256);
});

test("an exporter that is stuck holds up no other", { timeout }, async () => {
  outcome = await stuckBeside(5_000);
  assertDelivered(outcome);
  expect(outcome.duplicates).toBe(0);
});

test("WebSocket clients under pressure are told to wait, keep what they have, and lose nothing", {
  timeout,
}, async () => {
  const { told, maxKeptBytes, ...rest } = await pressed(2);
  outcome = rest;
  assertDelivered(rest);
  expect([rest.duplicates, told > 4]).toEqual([0, true]);
  // 16 messages without an answer.
  expect(maxKeptBytes).toBeLessThan(16 * 32 * 1024);
});
