// Where batches wait for an exporter: the contract between the engine's sending queue and what keeps its batches. The engine
// brings memory; an extension that is a `Storage` brings something that outlives the process.

import type { Batch, Signal } from "@chriscode/devmux-telemetry-protocol";
import type { Extension, Host } from "./component.ts";
import type { Verdict } from "./verdict.ts";

/** Log records, spans, data points. */
export type ItemCounts = Record<Signal, number>;

/** An extension that `sending_queue.storage` may name. Its factory says `provides: "storage"`. */
export interface Storage extends Extension {
  /**
   * Where its batches are, in words that are the same whenever the place is: what one storage keeps there, another one of the same
   * type with the same place opens. Asked before `start`; does no I/O.
   */
  place(host: Pick<Host, "stateDir">): string;
  /**
   * The batches of one queue, with what an earlier process left in it. One call for a name at a time, after `start`. Throws an
   * Error that says what is wrong and what to do.
   */
  open(name: string, events: StoreEvents): Promise<BatchStore>;
}

export interface StoreEvents {
  /** Something waits that was not there before. */
  ready(): void;
  /** What was kept cannot be read any more. */
  lost(counts: ItemCounts, reason: string): void;
}

/** First in, first out. `take` moves a batch from waiting to taken; it is kept until `remove`. */
export interface BatchStore {
  /** Of everything that was put and not removed, taken or not. */
  readonly bytes: number;
  readonly items: ItemCounts;
  /** Whether what is left at `close` is there at the next `open`: then a stop need not wait for a backend that is away. */
  readonly survives: boolean;
  /** False where `put` would fail now for a reason of the store's own; the queue has bounds besides. */
  hasRoom(): boolean;
  /**
   * Resolves when the batch is kept as promised; with anything but `accepted`, it is not kept. `waitForResult`: a store that
   * promises nothing waits until the first attempt to send the batch has ended. At once where it can.
   */
  put(batch: Batch, waitForResult: boolean): Verdict | Promise<Verdict>;
  /** What is answered to a client that cannot wait for `put` any longer. The batch may still be kept. */
  readonly late: Verdict;
  /** The oldest that waits, with those behind it that may go out in one call; undefined where nothing waits. */
  take(limits: TakeLimits): Taken | undefined | Promise<Taken | undefined>;
  /** Gives up the oldest that waits (one batch or a run of them) to make room; undefined where nothing waits. */
  dropOldest(): ItemCounts | undefined;
  /** Gives back what is lost by closing: nothing where the store `survives`. Safe twice. */
  close(): Promise<ItemCounts>;
}

export interface TakeLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
}

export interface Taken {
  readonly batch: Batch;
  /** The first attempt has ended, however: who waits for the result is answered. */
  settle(): void;
  /** It need not be kept any longer. */
  remove(): void;
}

export function noItems(): ItemCounts {
  return { logs: 0, traces: 0, metrics: 0 };
}

export function addItems(to: ItemCounts, counts: Readonly<ItemCounts>, times = 1): void {
  to.logs += counts.logs * times;
  to.traces += counts.traces * times;
  to.metrics += counts.metrics * times;
}

export function totalItems({ logs, traces, metrics }: Readonly<ItemCounts>): number {
  return logs + traces + metrics;
}
