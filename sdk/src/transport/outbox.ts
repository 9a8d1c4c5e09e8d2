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

/** What becomes of a record, as the status counts it. */
export type Fate = "acknowledged" | "dropped" | "refused";

export interface Outbox {
  /** Batches that have a sequence, oldest first. */
  batches(): readonly Batch[];
  add(item: Item): void;
  /** The next batch that is to be sent: one from before the reconnect, else a new one; undefined where there is none. */
  next(window: number): Batch | undefined;
  /** All that is not sent on the present connection, as batches; what has no batch yet is cut to that many bytes. */
  unsent(batchBytes?: number): readonly Batch[];
  /** What becomes of the batches from one sequence to another, by themselves one. */
  settle(fate: Fate, from: number | undefined, to?: number): void;
  /** All that was sent from that sequence on is to be sent again. */
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
 * many records there are, and what became of them.
 */
export function createOutbox(
  limits: BufferLimits,
  maxMessageBytes: () => number,
  marker: (dropped: Dropped) => Item | undefined,
  status: ExporterStatus,
): Outbox {
  let waiting: Item[] = [];
  let batches: Batch[] = [];
  let bytes = 0;
  let lastSequence = 0;
  /** Not yet said in a marker record. */
  let unsaid: Dropped | undefined;

  const hold = (item: Item): Item => {
    status.buffered++;
    bytes += item.bytes;
    return item;
  };
  const release = (items: readonly Item[], fate: Fate): void => {
    for (const item of items) {
      status.buffered--;
      status[fate]++;
      bytes -= item.bytes;
      item.settle?.(fate === "acknowledged");
    }
  };
  const drop = (item: Item): void => {
    unsaid ??= { count: 0, fromMs: item.timeMs, toMs: 0 };
    unsaid.count++;
    unsaid.toMs = item.timeMs;
    release([item], "dropped");
  };
  const fill = (batchBytes = maxBatchBytes): void => {
    const items: Item[] = [];
    const most = maxMessageBytes();
    let total = envelopeBytes;
    let last = "";
    const said = unsaid && marker(unsaid);
    if (said) {
      waiting.unshift(hold(said));
      unsaid = undefined;
    }
    for (let item = waiting[0]; item && items.length < maxBatchRecords; item = waiting[0]) {
      const { group } = item;
      // A group is written once for neighbours that share it.
      const needed = total + item.bytes + (group === last ? 1 : 3 * group.length + groupEnd.length);
      if (items.length > 0 && needed > Math.min(batchBytes, most)) break;
      waiting.shift();
      // Longer than any message may be: not even alone.
      if (needed > most) drop(item);
      else {
        total = needed;
        last = group;
        items.push(item);
      }
    }
    if (items.length > 0) batches.push({ sequence: ++lastSequence, bytes: total, items, sent: false });
  };

  return {
    batches: () => batches,
    add(item) {
      waiting.push(hold(item));
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
    unsent(batchBytes) {
      while (waiting.length > 0) fill(batchBytes);
      return batches.filter(({ sent }) => !sent);
    },
    settle(fate, from = 0, to = from) {
      const settled = batches.filter(({ sequence }) => sequence >= from && sequence <= to);
      batches = batches.filter((batch) => !settled.includes(batch));
      release(
        settled.flatMap(({ items }) => items),
        fate,
      );
    },
    resendFrom(first) {
      for (const batch of batches) if (batch.sequence >= first) batch.sent = false;
    },
    clear() {
      const items = batches.flatMap((batch) => batch.items).concat(waiting);
      batches = [];
      waiting = [];
      release(items, "dropped");
    },
  };
}

/** A batch's ExportLogsServiceRequest as JSON. */
export function requestOf({ items }: Batch): string {
  let last = "";
  let text = "";
  for (const item of items) {
    text += item.group === last ? "," : (last && `${groupEnd},`) + item.group;
    last = item.group;
    text += item.text;
  }
  return `{"resourceLogs":[${text}${groupEnd}]}`;
}
