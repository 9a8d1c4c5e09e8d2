// Lets through what a stream may say in a second, and tells it what it lost.

import { Logs } from "@chriscode/devmux-telemetry-protocol";
import type { Consumer, Processor, Settings } from "../../component/index.ts";
import { createFailures } from "../../expression/index.ts";
import { handOn } from "../hand-on.ts";
import { createMatching } from "../matching.ts";
import { wait } from "../wait.ts";
import { type Bucket, createBuckets, type Loss } from "./buckets.ts";
import type { RateLimitConfig } from "./config.ts";
import { reportOf } from "./report.ts";

/** Before what could not be told is told again, where downstream does not say when. */
const retryMs = 250;

export function createRateLimit(settings: Settings, config: RateLimitConfig, next: Consumer): Processor {
  const { recordsPerSecond, burst, maxStreams, reportIntervalMs } = config;
  const matches = createMatching(config.conditions, createFailures(settings, config.errorMode));
  const buckets = createBuckets(recordsPerSecond, burst, maxStreams, () => performance.now());
  let timer: NodeJS.Timeout | undefined;
  let ending = false;

  function lose(lost: ReadonlyMap<Bucket, Loss>): void {
    for (const [bucket, loss] of lost) {
      settings.dropped(loss.count, "rate_limit", true);
      bucket.loss = joined(bucket.loss, loss);
    }
    if (lost.size > 0) schedule(reportIntervalMs);
  }

  function schedule(ms: number): void {
    if (timer !== undefined || ending) return;
    timer = setTimeout(() => {
      timer = undefined;
      void report().then((again) => {
        if (again !== undefined) schedule(Math.max(again, reportIntervalMs));
      });
    }, ms);
    timer.unref();
  }

  /** Gives how long to wait where it was turned back; what was is told the next time. */
  async function report(): Promise<number | undefined> {
    const told = new Map<Bucket, Loss>();
    for (const bucket of buckets.all()) {
      if (bucket.loss === undefined) continue;
      told.set(bucket, bucket.loss);
      bucket.loss = undefined;
    }
    if (told.size === 0) return undefined;
    const batch = Logs.merge(Array.from(told.values(), (loss) => reportOf(loss, recordsPerSecond)));
    const verdict = await next.consume(batch);
    if (verdict.kind === "retryable") {
      for (const [bucket, loss] of told) bucket.loss = joined(loss, bucket.loss);
      return verdict.retryAfterMs ?? retryMs;
    }
    if (verdict.kind === "accepted") settings.count("records_made", batch.itemCount - (verdict.refused ?? 0));
    return undefined;
  }

  return {
    async consume(batch) {
      if (batch.signal !== "logs") return next.consume(batch);
      const taken = new Map<Bucket, number>();
      const lost = new Map<Bucket, Loss>();
      const at = Date.now();
      const kept = batch.select((record) => {
        if (!matches(record)) return true;
        const { resource } = record;
        const bucket = buckets.of(resource);
        if (bucket.take()) {
          taken.set(bucket, (taken.get(bucket) ?? 0) + 1);
          return true;
        }
        const loss = lost.get(bucket);
        if (loss === undefined) lost.set(bucket, { count: 1, fromMs: at, toMs: at, resource: resource.attributes() });
        else loss.count++;
        return false;
      });
      const verdict = await handOn(next, kept, () => lose(lost));
      // What is turned back comes again, and must find what it took.
      if (verdict.kind !== "accepted") for (const [bucket, count] of taken) bucket.giveBack(count);
      return verdict;
    },
    async shutdown(signal) {
      ending = true;
      clearTimeout(timer);
      for (let again = await report(); again !== undefined && !signal.aborted; again = await report())
        await wait(again, signal);
    },
  };
}

function joined(before: Loss | undefined, after: Loss | undefined): Loss | undefined {
  if (before === undefined || after === undefined) return before ?? after;
  return { ...after, count: before.count + after.count, fromMs: before.fromMs };
}
