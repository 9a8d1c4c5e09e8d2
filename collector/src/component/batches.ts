// What can be done with a batch of any signal.

import { type Batch, Logs, OpaqueBatch } from "@chriscode/devmux-telemetry-protocol";

/** One batch of several of one signal: their bytes joined. */
export function mergeBatches(batches: readonly Batch[]): Batch {
  if (batches.length === 1) return batches[0]!;
  return batches[0]!.signal === "logs" ? Logs.merge(batches as Logs[]) : OpaqueBatch.merge(batches as OpaqueBatch[]);
}
