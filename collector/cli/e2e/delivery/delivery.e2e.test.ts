// Delivery by real processes: what was acknowledged arrives, whatever happens in between. `run.ts` plays the same for longer.

import { afterEach, expect, test } from "vitest";
import type { Outcome } from "./outcome.ts";
import { awayAndBack, canMount, fullDisk, killLoop, overload, refusing, stuckBeside, terminated } from "./scenarios.ts";

/** Nobody waits longer for an answer. */
const maxAnswerMs = 2_000;
const timeout = 90_000;

let outcome: Outcome | undefined;
afterEach(({ task }) => {
  if (outcome !== undefined) console.log(`${task.name}: ${JSON.stringify(outcome)}`);
  outcome = undefined;
});

function assertDelivered({ sent, acknowledged, delivered, dropped, lost, slowestAnswerMs }: Outcome): void {
  expect({ acknowledged, delivered, dropped, lost }).toEqual({
    acknowledged: sent,
    delivered: sent,
    dropped: 0,
    lost: 0,
  });
  expect(slowestAnswerMs).toBeLessThan(maxAnswerMs);
}

test("20 kill -9 under load: nothing acknowledged is lost, and first deliveries are in order", {
  timeout,
}, async () => {
  const kills = 20;
  outcome = await killLoop(kills);
  assertDelivered(outcome);
  expect(outcome.ordered).toBe(true);
  // At most what was on its way to the backend, and what the client had no answer for, at each kill.
  expect(outcome.duplicates).toBeLessThan(kills * 400);
});

test("SIGTERM with the backend down: ends within five seconds, all of it arrives after the next start", {
  timeout,
}, async () => {
  const { stopMs, ...rest } = await terminated();
  outcome = rest;
  assertDelivered(rest);
  expect(rest.kept).toBe(rest.sent);
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

test("overload: refused in time and delivered in the end, under 256 MB", { timeout }, async () => {
  const result = await overload(4);
  outcome = result;
  assertDelivered(result);
  expect(result.accepted).toBe(result.sent);
  expect(result.refused).toBeGreaterThan(result.accepted);
  expect(result.maxResidentMegabytes).toBeLessThan(256);
});

test("an exporter that is stuck holds up no other", { timeout }, async () => {
  outcome = await stuckBeside(5_000);
  expect([outcome.delivered, outcome.duplicates, outcome.lost]).toEqual([outcome.sent, 0, 0]);
  expect(outcome.slowestAnswerMs).toBeLessThan(maxAnswerMs);
});
