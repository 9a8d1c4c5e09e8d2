// The queue before every exporter: bounded, in memory, with workers, retry and back-off.
//
// Full: with `drop_oldest` the oldest batch goes, counted. With `block` pressure goes back to the client, for as long as the
// exporter works; one that fails (its last attempt did) drops its oldest too, so that one dead backend stops no other.

import { accepted, type Batch, type Consumer, type Exporter, type Settings, type Verdict } from "../component/index.ts";
import type { QueueOptions } from "../config/queue-options.ts";
import { backoffMs, sleep } from "./backoff.ts";
import { type ComponentStats, totalDropped } from "./stats.ts";
import { createWaiting, type Entry, join } from "./waiting.ts";

/** Nobody who sends waits longer than this for an answer; the batch stays queued. */
const maxWaitMs = 2_000;
/** How long a client is asked to wait when there is no room. */
export const pressureRetryMs = 250;

export interface SendingQueue extends Consumer {
  readonly bytes: number;
  readonly items: number;
  readonly capacityBytes: number;
  /** False where a batch would be turned back: asked before a fan-out, so that no branch takes what another refuses. */
  hasRoom(): boolean;
  start(): void;
  /** Sends what is queued until `signal` aborts; what is left then is counted as dropped. */
  shutdown(signal: AbortSignal): Promise<void>;
}

export function createSendingQueue(
  exporter: Exporter,
  settings: Settings,
  stats: ComponentStats,
  options: QueueOptions,
): SendingQueue {
  const waiting = createWaiting();
  const stopping = new AbortController();
  const aborted = new AbortController();
  const idleWorkers: (() => void)[] = [];
  let workers: Promise<void>[] = [];
  let inFlightBytes = 0;
  let inFlightItems = 0;
  let failing = false;
  let givenUpFor: string | undefined;

  const full = () =>
    waiting.bytes + inFlightBytes >= options.maxBytes || waiting.items + inFlightItems >= options.maxItems;
  const blocks = () => options.whenFull === "block" && !failing;

  function dropOldest(reason: string): void {
    const entry = waiting.shift();
    if (entry === undefined) return;
    settings.dropped(entry.batch.itemCount, reason);
    entry.settle?.();
  }

  async function attempt(batch: Batch): Promise<Verdict> {
    try {
      return await exporter.export(batch, aborted.signal);
    } catch (error) {
      // A bug in a component: it must not end the worker, and the batch may still go through.
      settings.log.error("export threw; it should have answered with a verdict", { error: String(error) });
      return { kind: "retryable", reason: String(error) };
    }
  }

  function finish(batch: Batch, verdict: Verdict): void {
    const signal = stats.signals[batch.signal];
    if (verdict.kind === "accepted") {
      givenUpFor = undefined;
      const refused = verdict.refused ?? 0;
      signal.sent += batch.itemCount - refused;
      if (refused === 0) {
        if (verdict.reason !== undefined) settings.log.warn(`the destination warns: ${verdict.reason}`);
        return;
      }
      signal.sendFailed += refused;
      settings.dropped(refused, "refused_by_destination");
      settings.log.warn(`${refused} records were refused: ${verdict.reason ?? "no reason given"}`);
      return;
    }
    signal.sendFailed += batch.itemCount;
    settings.dropped(batch.itemCount, verdict.kind === "rejected" ? "rejected_by_destination" : "retries_exhausted");
    // The same refusal of batch after batch is said once; the count is in the status.
    if (verdict.reason !== givenUpFor)
      settings.log.error(`${batch.itemCount} records were given up: ${verdict.reason}`);
    givenUpFor = verdict.reason;
  }

  async function deliver(entries: readonly Entry[]): Promise<void> {
    const batch = join(entries);
    const settleAll = () => {
      for (const entry of entries) entry.settle?.();
    };
    const startedAt = Date.now();
    inFlightBytes += batch.byteLength;
    inFlightItems += batch.itemCount;
    for (let tries = 1; ; tries++) {
      const verdict = await attempt(batch);
      failing = verdict.kind === "retryable";
      settleAll();
      const elapsed = options.retry.maxElapsedMs > 0 && Date.now() - startedAt >= options.retry.maxElapsedMs;
      if (verdict.kind !== "retryable" || !options.retry.enabled || elapsed) {
        finish(batch, verdict);
        break;
      }
      settings.health("degraded", verdict.reason);
      if (aborted.signal.aborted) {
        settings.dropped(batch.itemCount, "shutdown");
        break;
      }
      await sleep(backoffMs(options.retry, tries, verdict.retryAfterMs, Math.random), aborted.signal);
    }
    if (!failing) settings.health("ok");
    inFlightBytes -= batch.byteLength;
    inFlightItems -= batch.itemCount;
  }

  async function work(): Promise<void> {
    while (!aborted.signal.aborted) {
      const entries = waiting.take(options.maxBatchItems, options.maxBatchBytes);
      if (entries.length > 0) await deliver(entries);
      else if (stopping.signal.aborted) return;
      else await new Promise<void>((resolve) => idleWorkers.push(resolve));
    }
  }

  function wake(): void {
    idleWorkers.shift()?.();
  }

  function whenSettled(entry: Entry): Promise<Verdict> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        resolve(accepted);
      };
      const timer = setTimeout(done, maxWaitMs);
      entry.settle = done;
    });
  }

  return {
    get bytes() {
      return waiting.bytes + inFlightBytes;
    },
    get items() {
      return waiting.items + inFlightItems;
    },
    capacityBytes: options.maxBytes,
    hasRoom: () => !blocks() || !full(),
    async consume(batch) {
      if (stopping.signal.aborted)
        return { kind: "retryable", reason: "the collector is stopping", retryAfterMs: 1_000 };
      if (full()) {
        if (blocks())
          return {
            kind: "retryable",
            reason: `exporter ${settings.id}: its queue is full`,
            retryAfterMs: pressureRetryMs,
          };
        while (full() && waiting.length > 0) dropOldest("queue_full");
      }
      const entry: Entry = { batch, settle: undefined };
      waiting.push(entry);
      const verdict = options.waitForResult && !failing ? whenSettled(entry) : accepted;
      wake();
      return verdict;
    },
    start() {
      workers = Array.from({ length: options.consumers }, work);
    },
    async shutdown(signal) {
      stopping.abort();
      if (signal.aborted) aborted.abort();
      else signal.addEventListener("abort", () => aborted.abort(), { once: true });
      for (const resume of idleWorkers.splice(0)) resume();
      await Promise.all(workers);
      const before = totalDropped(stats);
      while (waiting.length > 0) dropOldest("shutdown");
      const lost = totalDropped(stats) - before;
      if (lost > 0) settings.log.error(`${lost} records could not be sent before the collector stopped`);
    },
  };
}
