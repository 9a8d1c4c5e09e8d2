// A token bucket for each stream: full after silence, refilled at the rate that is allowed.

import type { AnyMap, Resource } from "@chriscode/devmux-telemetry-protocol";
import { createStreamNames } from "../../expression/index.ts";

/** What a stream lost since it was last told. Times are Unix milliseconds. */
export interface Loss {
  count: number;
  fromMs: number;
  toMs: number;
  /** Attributes of the resource of a record that was lost. */
  resource: AnyMap;
}

export interface Bucket {
  /** Whether there was one left. */
  take(): boolean;
  /** For what was taken and came to nothing. */
  giveBack(count: number): void;
  loss: Loss | undefined;
}

export interface Buckets {
  of(resource: Resource): Bucket;
  all(): Iterable<Bucket>;
}

/** `now`: monotonic milliseconds. */
export function createBuckets(perSecond: number, burst: number, maxStreams: number, now: () => number): Buckets {
  const streamOf = createStreamNames();
  const buckets = new Map<string, Bucket>();
  const others = createBucket(perSecond, burst, now);
  return {
    of(resource) {
      const stream = streamOf(resource);
      let bucket = buckets.get(stream);
      if (bucket === undefined) {
        if (buckets.size >= maxStreams) return others;
        bucket = createBucket(perSecond, burst, now);
        buckets.set(stream, bucket);
      }
      return bucket;
    },
    *all() {
      yield* buckets.values();
      yield others;
    },
  };
}

function createBucket(perSecond: number, burst: number, now: () => number): Bucket {
  let tokens = burst;
  let refilledAt = now();
  return {
    loss: undefined,
    take() {
      if (tokens < 1) {
        const at = now();
        tokens = Math.min(burst, tokens + ((at - refilledAt) / 1_000) * perSecond);
        refilledAt = at;
        if (tokens < 1) return false;
      }
      tokens--;
      return true;
    },
    giveBack(count) {
      tokens = Math.min(burst, tokens + count);
    },
  };
}
