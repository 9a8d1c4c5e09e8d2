// One batch to several consumers. Batches are immutable, so all get the same one.

import { accepted, type Consumer, type Verdict } from "../component/index.ts";

/** Every consumer is called, also when an earlier one fails. The worst verdict wins: retryable, then rejected, then accepted. */
export function createFanout(consumers: readonly Consumer[]): Consumer {
  if (consumers.length === 1) return consumers[0]!;
  return {
    async consume(batch) {
      const verdicts = await Promise.all(consumers.map((consumer) => consumer.consume(batch)));
      return verdicts.reduce(worse, accepted);
    },
  };
}

const rank = { accepted: 0, rejected: 1, retryable: 2 } as const;

function worse(a: Verdict, b: Verdict): Verdict {
  if (a.kind === "accepted" && b.kind === "accepted") return (b.refused ?? 0) > (a.refused ?? 0) ? b : a;
  return rank[b.kind] > rank[a.kind] ? b : a;
}
