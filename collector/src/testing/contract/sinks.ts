// What stands downstream of a component under test: it counts what it takes and answers as a script says.

import {
  accepted,
  type Batch,
  type Consumer,
  partlyAccepted,
  rejected,
  retryable,
  type Verdict,
} from "../../component/index.ts";
import { refusedBy } from "./check.ts";

export interface Sink extends Consumer {
  /** Records that it took and did not refuse. */
  readonly delivered: number;
  /** What it took, and empty batches. */
  readonly batches: readonly Batch[];
}

/** Answers `script` in turn, over and over; nothing but `accepted` where it is empty. */
export function createSink(script: readonly Verdict[] = []): Sink {
  const batches: Batch[] = [];
  let delivered = 0;
  let calls = 0;
  return {
    batches,
    get delivered() {
      return delivered;
    },
    async consume(batch) {
      const scripted = script.length === 0 ? accepted : script[calls++ % script.length]!;
      // Downstream cannot refuse more than it was given.
      const verdict =
        scripted.kind === "accepted" && (scripted.refused ?? 0) > batch.itemCount
          ? partlyAccepted(batch.itemCount, scripted.reason ?? "")
          : scripted;
      const taken = batch.itemCount - refusedBy(verdict, batch);
      delivered += taken;
      if (taken > 0 || batch.itemCount === 0) batches.push(batch);
      return verdict;
    },
  };
}

/** One of each, as a fan-out, a full queue and a strict backend would answer. */
export const mixedVerdicts: readonly Verdict[] = [
  accepted,
  partlyAccepted(1, "one is malformed"),
  retryable("the queue is full", 10),
  accepted,
  rejected("no such tenant"),
  partlyAccepted(3, "three are malformed"),
];
