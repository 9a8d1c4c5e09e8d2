// Hands on a batch in parts, and makes one verdict of theirs: nobody may send again what was taken.

import { accepted, type Batch, type Consumer, partlyAccepted, type Verdict } from "../component/index.ts";
import { wait } from "./wait.ts";

export interface Part {
  readonly batch: Batch;
  readonly to: Consumer;
}

/** Nobody who sends waits longer for an answer. */
const maxWaitMs = 1_500;
/** Between two attempts, where downstream does not say how long. */
const retryMs = 100;

/**
 * One part after the other. While nothing has been taken, `retryable` goes back as it is. After that a part that is turned back
 * is tried again until `maxWaitMs` have passed or `signal` aborts, and refused then: sent again, it would bring with it what was
 * taken. A part that is rejected is refused, unless it is all there is.
 */
export async function handOnParts(parts: readonly Part[], signal: AbortSignal): Promise<Verdict> {
  const until = performance.now() + maxWaitMs;
  let taken = 0;
  let refused = 0;
  let reason = "";
  for (const { batch, to } of parts) {
    let verdict = await to.consume(batch);
    if (verdict.kind === "retryable" && taken === 0 && refused === 0) return verdict;
    while (verdict.kind === "retryable" && performance.now() < until && !signal.aborted) {
      await wait(Math.min(verdict.retryAfterMs ?? retryMs, Math.max(1, until - performance.now())), signal);
      verdict = await to.consume(batch);
    }
    if (verdict.kind !== "accepted" && parts.length === 1) return verdict;
    const turnedBack = verdict.kind === "accepted" ? (verdict.refused ?? 0) : batch.itemCount;
    if (turnedBack > 0) reason ||= verdict.reason ?? "";
    refused += turnedBack;
    taken += batch.itemCount - turnedBack;
  }
  return refused === 0 ? accepted : partlyAccepted(refused, reason);
}
