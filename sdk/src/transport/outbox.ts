// What is to be sent and what is not acknowledged yet, bounded in records and bytes.

import type { ExporterStatus } from "./status.ts";

export type Settle = (isTaken: boolean) => void;

export interface Item {
  /** OTLP/JSON of one record. */
  readonly text: string;
  /** UTF-8 bytes of the text. */
  readonly bytes: number;
  readonly timeMs: number;
  /** What stands before the records in a request: their resource and scope. Neighbours with the same share one. */
  readonly group: string;
  /** Called once: the collector took it (true), or it is lost (false). */
  readonly settle?: Settle | undefined;
}

export interface Batch {
  readonly sequence: number;
  /** UTF-8 bytes of the message that it makes, at most. */
  readonly bytes: number;
  readonly items: readonly Item[];
  /** Sent on the present connection. */
  sent: boolean;
}

export interface BufferLimits {
  /** Records that wait for the collector, or for its acknowledgement. */
  readonly maxRecords: number;
  readonly maxBytes: number;
}

export const defaultBuffer: BufferLimits = {
  // A minute of a busy page without a collector; more would be of no use to who reads it then.
  maxRecords: 5_000,
  // What a page can spare without anyone noticing.
  maxBytes: 8_388_608,
};

const maxBatchRecords = 64;
/** With 32 under way a lost connection has at most 4 MiB, half of the buffer, to send again. */
const maxBatchBytes = 131_072;

/** Records that a full buffer lost; times in Unix milliseconds. */
export interface Dropped {
  count: number;
  fromMs: number;
  toMs: number;
}

export interface Outbox {
  /** Batches that have a sequence, oldest first. */
  batches(): readonly Batch[];
  add(item: Item): void;
  /** The next batch that is to be sent: one from before the reconnect, else a new one; undefined where there is none. */
  next(window: number): Batch | undefined;
  /** All that is not sent on the present connection, as batches; what has no batch yet is cut to that many bytes. */
  unsent(batchBytes?: number): readonly Batch[];
  /** That one batch is taken, by another way. */
  settle(sequence: number): void;
  /** Everything up to and including `sequence` is taken. */
  acknowledge(sequence: number): void;
  /** That one batch is refused for good. Says how many records that were. */
  refuse(sequence: number): number;
  /** All that was sent from `sequence` on is to be sent again. */
  resendFrom(sequence: number): void;
  /** Gives up everything. */
  clear(): void;
}

/** Bytes of an `export` message around its records: protocol, ids of the usual lengths, and to spare. */
const envelopeBytes = 512;
/** What ends a group. */
export const groupEnd = "]}]}";

/**
 * No batch makes a message longer than `maxMessageBytes()`; an item that would by itself is dropped. `status` is told how
 * many records there are, and how many are lost.
 */
export function createOutbox(
  limits: BufferLimits,
  maxMessageBytes: () => number,
  marker: (dropped: Dropped) => Item,
  status: ExporterStatus,
): Outbox {
  let waiting: Item[] = [];
  let batches: Batch[] = [];
  let bytes = 0;
  let lastSequence = 0;
  /** Not yet said in a marker record. */
  let unsaid: Dropped | undefined;

  const hold = (item: Item): void => {
    status.buffered++;
    bytes += item.bytes;
  };
  const release = (items: readonly Item[], taken: boolean): void => {
    for (const item of items) {
      status.buffered--;
      bytes -= item.bytes;
      if (taken) status.acknowledged++;
      item.settle?.(taken);
    }
  };
  const drop = (item: Item): void => {
    status.dropped++;
    unsaid ??= { count: 0, fromMs: item.timeMs, toMs: 0 };
    unsaid.count++;
    unsaid.toMs = item.timeMs;
    release([item], false);
  };
  const fill = (batchBytes = maxBatchBytes): void => {
    const items: Item[] = [];
    let total = envelopeBytes;
    /** A group is written once for neighbours that share it. */
    const bytesOf = ({ bytes, group }: Item): number =>
      bytes + (group === items[items.length - 1]?.group ? 1 : 3 * group.length + groupEnd.length);
    const take = (item: Item): void => {
      total += bytesOf(item);
      items.push(item);
    };
    if (unsaid) {
      const item = marker(unsaid);
      unsaid = undefined;
      hold(item);
      take(item);
    }
    while (items.length < maxBatchRecords) {
      const item = waiting[0];
      if (item === undefined) break;
      const needed = total + bytesOf(item);
      if (items.length > 0 && needed > Math.min(batchBytes, maxMessageBytes())) break;
      waiting.shift();
      // Longer than any message may be: not even alone.
      if (needed > maxMessageBytes()) drop(item);
      else take(item);
    }
    if (items.length > 0) batches.push({ sequence: ++lastSequence, bytes: total, items, sent: false });
  };

  const remove = (sequence: number, taken: boolean): number => {
    const items = batches.find((batch) => batch.sequence === sequence)?.items ?? [];
    batches = batches.filter((batch) => batch.sequence !== sequence);
    release(items, taken);
    return items.length;
  };

  return {
    batches: () => batches,
    unsent(batchBytes) {
      while (waiting.length > 0) fill(batchBytes);
      return batches.filter(({ sent }) => !sent);
    },
    settle: (sequence) => void remove(sequence, true),
    add(item) {
      waiting.push(item);
      hold(item);
      while (status.buffered > limits.maxRecords || bytes > limits.maxBytes) {
        const oldest = waiting.shift();
        if (oldest === undefined) break;
        drop(oldest);
      }
    },
    next(window) {
      if (batches.length < window && batches.every(({ sent }) => sent)) fill();
      return batches.slice(0, window).find(({ sent }) => !sent);
    },
    acknowledge(sequence) {
      const taken = batches.filter((batch) => batch.sequence <= sequence);
      batches = batches.slice(taken.length);
      for (const batch of taken) release(batch.items, true);
    },
    refuse: (sequence) => remove(sequence, false),
    resendFrom(sequence) {
      for (const batch of batches) if (batch.sequence >= sequence) batch.sent = false;
    },
    clear() {
      status.dropped += status.buffered;
      const items = batches.flatMap((batch) => batch.items).concat(waiting);
      batches = [];
      waiting = [];
      release(items, false);
    },
  };
}

/** A batch's ExportLogsServiceRequest as JSON. */
export function requestOf({ items }: Batch): string {
  let group = "";
  let text = "";
  for (const item of items) {
    text += item.group === group ? "," : (group && `${groupEnd},`) + item.group;
    group = item.group;
    text += item.text;
  }
  return `{"resourceLogs":[${text}${groupEnd}]}`;
}
