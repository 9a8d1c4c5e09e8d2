// The workers of a sending queue: they take from its store, one call of the exporter at a time each, and try again with back-off
// until a batch is sent, given up, or left for the next start.

import type { Batch, Exporter, Settings, Verdict } from "../component/index.ts";
import { type BatchStore, type ItemCounts, noItems, type Taken } from "../component/storage.ts";
import type { QueueOptions } from "../config/queue-options.ts";
import { nextWaitMs, sleep } from "./backoff.ts";
import type { ComponentStats } from "./stats.ts";

export interface WorkersOptions {
  readonly exporter: Exporter;
  readonly settings: Settings;
  readonly stats: ComponentStats;
  readonly options: QueueOptions;
  /** Counts what is lost. */
  lose(counts: Readonly<ItemCounts>, reason: string): void;
}

export interface Workers {
  /** The last attempt did not get through. */
  readonly failing: boolean;
  /** No more than so much goes out in one call. */
  readonly limits: { readonly maxItems: number; readonly maxBytes: number };
  start(store: BatchStore): void;
  /** Something waits that was not there before. */
  wake(): void;
  /** Sends what waits until `signal` aborts. What outlives the process stays where it is when the destination fails. */
  stop(signal: AbortSignal): Promise<void>;
  /**
   * The same for a queue that another one follows: what outlives the process stays for that one, and a destination that fails is not
   * waited for. Gives what was on its way and did not arrive.
   */
  handOver(signal: AbortSignal): Promise<Batch[]>;
}

export function createWorkers({ exporter, settings, stats, options, lose }: WorkersOptions): Workers {
  const stopping = new AbortController();
  const aborted = new AbortController();
  const limits = { maxItems: options.maxBatchItems, maxBytes: options.maxBatchBytes };
  const idle: (() => void)[] = [];
  let running: Promise<void>[] = [];
  let wakes = 0;
  let failing = false;
  let givenUpFor: string | undefined;
  let handedOver: Batch[] | undefined;

  const itemsOf = ({ signal, itemCount }: Batch, count = itemCount) => ({ ...noItems(), [signal]: count });

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
      lose(itemsOf(batch, refused), "refused_by_destination");
      settings.log.warn(`${refused} records were refused: ${verdict.reason ?? "no reason given"}`);
      return;
    }
    signal.sendFailed += batch.itemCount;
    lose(itemsOf(batch), verdict.kind === "rejected" ? "rejected_by_destination" : "retries_exhausted");
    // The same refusal of batch after batch is said once; the count is in the status.
    if (verdict.reason !== givenUpFor)
      settings.log.error(`${batch.itemCount} records were given up: ${verdict.reason}`);
    givenUpFor = verdict.reason;
  }

  /** Until there is nothing to be done for it: sent, given up, or left in the store for the next start. */
  async function deliver(taken: Taken, store: BatchStore): Promise<void> {
    const { batch } = taken;
    // Of a clock that no one sets: a jump of the other must not end the retries.
    const startedAt = performance.now();
    for (let tries = 1; ; tries++) {
      const verdict = await attempt(batch);
      failing = verdict.kind === "retryable";
      taken.settle();
      if (verdict.kind !== "retryable") settings.health("ok");
      const wait =
        verdict.kind === "retryable"
          ? nextWaitMs(options.retry, tries, performance.now() - startedAt, verdict.retryAfterMs)
          : undefined;
      if (verdict.kind !== "retryable" || wait === undefined) {
        taken.remove();
        return finish(batch, verdict);
      }
      settings.health("degraded", verdict.reason);
      if (store.survives && stopping.signal.aborted) return;
      if (aborted.signal.aborted) {
        taken.remove();
        if (handedOver === undefined) lose(itemsOf(batch), "shutdown");
        else handedOver.push(batch);
        return;
      }
      // A stop ends the wait: the batch gets its last attempt at once, or stays where it is.
      await sleep(wait, aborted.signal, ...(stopping.signal.aborted ? [] : [stopping.signal]));
      if (store.survives && stopping.signal.aborted) return;
    }
  }

  async function work(store: BatchStore): Promise<void> {
    while (!aborted.signal.aborted) {
      // What outlives the process need not wait for a backend that is away, nor for the queue that comes next.
      if (stopping.signal.aborted && store.survives && (failing || handedOver !== undefined)) return;
      const wakesBefore = wakes;
      const next = store.take(limits);
      const taken = next instanceof Promise ? await next : next;
      if (taken !== undefined) await deliver(taken, store);
      else if (wakes !== wakesBefore) continue;
      else if (stopping.signal.aborted) return;
      else await new Promise<void>((resolve) => idle.push(resolve));
    }
  }

  async function stop(signal: AbortSignal): Promise<void> {
    stopping.abort();
    if (signal.aborted) aborted.abort();
    else signal.addEventListener("abort", () => aborted.abort(), { once: true });
    for (const resume of idle.splice(0)) resume();
    await Promise.all(running);
  }

  return {
    get failing() {
      return failing;
    },
    limits,
    start(store) {
      running = Array.from({ length: options.consumers }, () => work(store));
    },
    wake() {
      wakes++;
      idle.shift()?.();
    },
    stop,
    async handOver(signal) {
      handedOver = [];
      if (failing) aborted.abort();
      await stop(signal);
      return handedOver;
    },
  };
}
