// Turns batches back while the collector holds too much, so that clients keep them instead.

import { type Consumer, type Processor, retryable, type Settings } from "../../component/index.ts";
import type { MemoryLimiterConfig } from "./config.ts";
import { type Memory, processMemory } from "./memory.ts";

/** Between the soft and the hard limit it may only be garbage; collecting it costs too much to do it at every check. */
const collectEveryMs = 10_000;

export function createMemoryLimiter(
  settings: Settings,
  config: MemoryLimiterConfig,
  next: Consumer,
  memory: Memory = processMemory(),
): Processor {
  const { softBytes, hardBytes, checkIntervalMs } = config;
  /** Checked before the interval ends where as much came in as would take half of the spike. */
  const earlyBytes = Math.max(1, (hardBytes - softBytes) / 2);
  let timer: NodeJS.Timeout | undefined;
  let started = false;
  let refusing = false;
  let cameIn = 0;
  let collectedAt = Number.NEGATIVE_INFINITY;

  function check(): void {
    cameIn = 0;
    let used = memory.used();
    const now = performance.now();
    const since = now - collectedAt;
    if (used > hardBytes || (used > softBytes && since >= collectEveryMs)) {
      collectedAt = now;
      settings.count("forced_collections");
      memory.collect();
      used = memory.used();
    }
    const was = refusing;
    refusing = used > softBytes;
    if (refusing && !was) settings.health("degraded", `memory is short: ${mib(used)} of ${mib(softBytes)} are in use`);
    if (!refusing && was) settings.health("ok");
  }

  return {
    async start() {
      started = true;
      check();
      timer = setInterval(check, checkIntervalMs);
      timer.unref();
    },
    async consume(batch) {
      cameIn += batch.byteLength;
      if (started && cameIn > earlyBytes) check();
      if (!refusing) return next.consume(batch);
      settings.count("batches_refused");
      return retryable("the collector's memory is short", checkIntervalMs);
    },
    async shutdown() {
      started = false;
      refusing = false;
      clearInterval(timer);
    },
  };
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`;
}
