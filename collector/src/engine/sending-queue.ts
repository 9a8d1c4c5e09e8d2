// The queue before every exporter: bounded, with workers, retry and back-off, over a store in memory or one that outlives the
// process (`sending_queue.storage`).
//
// Full: with `drop_oldest` the oldest batch goes, counted. With `block` pressure goes back to the client, for as long as the
// exporter works; one that fails (its last attempt did) drops its oldest too, so that one dead backend stops no other.
//
// The law, for each signal, at rest: accepted + recovered = sent + dropped + queued.

import type { Batch, Consumer, Exporter, Settings, Signal, Verdict } from "../component/index.ts";
import { type BatchStore, type ItemCounts, noItems, totalItems } from "../component/storage.ts";
import type { QueueOptions } from "../config/queue-options.ts";
import { inTime } from "./backoff.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { ComponentStats } from "./stats.ts";
import type { Kept, Stores } from "./stores/stores.ts";
import { createWorkers } from "./workers.ts";

/** How long a batch waits for the first attempt or for the disk: what a batch processor may hold it for before comes on top. */
const maxWaitMs = 1_400;
/** How long a client is asked to wait when there is no room. */
export const pressureRetryMs = 250;

export interface SendingQueue extends Consumer {
  readonly bytes: number;
  readonly items: number;
  readonly itemsBySignal: Readonly<ItemCounts>;
  readonly capacityBytes: number;
  /** False where a batch would be turned back: asked before a fan-out, so that no branch takes what another refuses. */
  hasRoom(): boolean;
  /**
   * After the extensions and its exporter. What its exporter has in storages of an earlier configuration is moved to its own. Throws
   * where that cannot be opened, or takes nothing. Without `stores` there is memory only.
   */
  start(stores?: Stores): Promise<void>;
  /**
   * Takes over what another queue of the same exporter has handed over and is counted already; each leaves `batches` when it is
   * kept here. Throws where one is not taken.
   */
  adopt(batches: Batch[]): Promise<void>;
  /**
   * Ends the queue for one that takes its place. What is in a storage stays there for the other; what is in memory is sent until
   * `signal` aborts, and what is left then given back.
   */
  handOver(signal: AbortSignal): Promise<Batch[]>;
  /** Sends what is queued until `signal` aborts; what is left then stays in storage, or is counted as dropped. */
  shutdown(signal: AbortSignal): Promise<void>;
}

export function createSendingQueue(
  exporter: Exporter,
  settings: Settings,
  stats: ComponentStats,
  options: QueueOptions,
): SendingQueue {
  const workers = createWorkers({ exporter, settings, stats, options, lose });
  const { limits, wake } = workers;
  let store: BatchStore = createMemoryStore(wake);
  let place: string | undefined;
  let stopping = false;

  const full = () => store.bytes >= options.maxBytes || totalItems(store.items) >= options.maxItems;
  const blocks = () => options.whenFull === "block" && !workers.failing;

  function lose(counts: Readonly<ItemCounts>, reason: string): void {
    stats.signals.logs.dropped += counts.logs;
    stats.signals.traces.dropped += counts.traces;
    stats.signals.metrics.dropped += counts.metrics;
    settings.dropped(totalItems(counts), reason);
  }

  function turnedBack(batch: Batch, reason: string, retryAfterMs: number): Verdict {
    stats.signals[batch.signal].refused += batch.itemCount;
    return { kind: "retryable", reason, retryAfterMs };
  }

  function kept(batch: Batch, verdict: Verdict): Verdict {
    const signal = stats.signals[batch.signal];
    if (verdict.kind === "accepted") signal.accepted += batch.itemCount;
    else signal.refused += batch.itemCount;
    return verdict;
  }

  const recovered = () => Object.values(stats.signals).reduce((sum, each) => sum + each.recovered, 0);

  /** What a storage has: of an earlier process, but for what this one left there. */
  function found({ place: where, store: { items } }: Kept): void {
    const known = stats.left.get(where) ?? noItems();
    stats.left.delete(where);
    for (const signal of Object.keys(items) as Signal[]) {
      const news = items[signal] - known[signal];
      if (news >= 0) stats.signals[signal].recovered += news;
      else lose({ ...noItems(), [signal]: -news }, "storage_damaged");
    }
  }

  async function keep(batch: Batch): Promise<void> {
    const verdict = await store.put(batch, false);
    if (verdict.kind !== "accepted") throw new Error(`what waits for it cannot be taken over: ${verdict.reason}`);
  }

  /** In order; a batch leaves the one when the other has it, so that it is in both for a moment and never in none. */
  async function move(from: Kept): Promise<void> {
    found(from);
    try {
      for (let taken = await from.store.take(limits); taken !== undefined; taken = await from.store.take(limits)) {
        await keep(taken.batch);
        taken.settle();
        taken.remove();
      }
    } finally {
      stats.left.set(from.place, { ...from.store.items });
    }
  }

  async function close(): Promise<Readonly<ItemCounts>> {
    if (place !== undefined) stats.left.set(place, { ...store.items });
    return store.close();
  }

  return {
    get bytes() {
      return store.bytes;
    },
    get items() {
      return totalItems(store.items);
    },
    get itemsBySignal() {
      return store.items;
    },
    capacityBytes: options.maxBytes,
    hasRoom: () => store.hasRoom() && (!blocks() || !full()),
    async consume(batch) {
      if (stopping) return turnedBack(batch, "the collector is stopping", 1_000);
      if (full()) {
        if (blocks()) return turnedBack(batch, `exporter ${settings.id}: its queue is full`, pressureRetryMs);
        for (let dropped = store.dropOldest(); dropped !== undefined; dropped = store.dropOldest()) {
          lose(dropped, "queue_full");
          if (!full()) break;
        }
      }
      const answer = store.put(batch, options.waitForResult && !workers.failing);
      if (!(answer instanceof Promise)) return kept(batch, answer);
      return inTime(
        maxWaitMs,
        answer.then((verdict) => kept(batch, verdict)),
        store.late,
      );
    },
    async start(stores) {
      const before = recovered();
      const events = { ready: wake, lost: lose };
      if (options.storage !== undefined) {
        if (stores === undefined) throw new Error("a queue with storage was started without any");
        const kept = await stores.open(options.storage, settings.id, events);
        found(kept);
        ({ store, place } = kept);
      }
      await stores?.gather(settings.id, place, events, move);
      if (recovered() > before) settings.log.info(`${recovered() - before} records of the last run are sent first`);
      workers.start(store);
    },
    async adopt(batches) {
      for (let batch = batches[0]; batch !== undefined; batch = batches[0]) {
        await keep(batch);
        batches.shift();
      }
    },
    async handOver(signal) {
      stopping = true;
      const unsent = await workers.handOver(signal);
      if (!store.survives) {
        for (let taken = await store.take(limits); taken !== undefined; taken = await store.take(limits)) {
          unsent.push(taken.batch);
          taken.settle();
          taken.remove();
        }
      }
      await close();
      return unsent;
    },
    async shutdown(signal) {
      stopping = true;
      await workers.stop(signal);
      const left = totalItems(store.items);
      const lost = await close();
      if (totalItems(lost) > 0) lose(lost, "shutdown");
      const unsent = stats.drops.get("shutdown")?.count ?? 0;
      if (unsent > 0) settings.log.error(`${unsent} records could not be sent before the collector stopped`);
      else if (left > 0) settings.log.info(`${left} records are kept for the next start`);
    },
  };
}
