// How a processor hands on what it kept of a batch, so that nothing is counted twice.

import { accepted, type Batch, type Consumer, partlyAccepted, type Verdict } from "../component/index.ts";

/** Records that a processor itself refuses: they are in the verdict, and must not be sent again. */
export interface OwnRefusal {
  readonly count: number;
  readonly reason: string;
}

/**
 * `onTaken` counts what was left out. It is called only when the batch is taken: one that is turned back comes again, and one
 * that is rejected is refused as a whole.
 */
export async function handOn(next: Consumer, kept: Batch, onTaken: () => void, own?: OwnRefusal): Promise<Verdict> {
  const verdict = kept.itemCount === 0 ? accepted : await next.consume(kept);
  if (verdict.kind !== "accepted") return verdict;
  onTaken();
  if (own === undefined || own.count === 0) return verdict;
  return partlyAccepted(own.count + (verdict.refused ?? 0), own.reason);
}
