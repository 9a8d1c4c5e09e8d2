// The batches that wait for an exporter: first in, first out, counted in bytes and items, joined on the way out.

import { type Batch, Logs } from "@chriscode/devmux-telemetry-protocol";

export interface Entry {
  readonly batch: Batch;
  /** Called once, when the first attempt with this batch has ended or the batch was dropped. */
  settle: (() => void) | undefined;
}

export interface Waiting {
  readonly bytes: number;
  readonly items: number;
  readonly length: number;
  push(entry: Entry): void;
  shift(): Entry | undefined;
  /** The oldest entry, with those behind it that may go out in the same call. */
  take(maxItems: number, maxBytes: number): Entry[];
}

export function createWaiting(): Waiting {
  let entries: Entry[] = [];
  let head = 0;
  let bytes = 0;
  let items = 0;

  function shift(): Entry | undefined {
    const entry = entries[head];
    if (entry === undefined) return undefined;
    head++;
    bytes -= entry.batch.byteLength;
    items -= entry.batch.itemCount;
    // Compact now and then, so that taking from the front stays cheap however long the queue.
    if (head > 1024 && head * 2 > entries.length) {
      entries = entries.slice(head);
      head = 0;
    }
    return entry;
  }

  return {
    get bytes() {
      return bytes;
    },
    get items() {
      return items;
    },
    get length() {
      return entries.length - head;
    },
    push(entry) {
      entries.push(entry);
      bytes += entry.batch.byteLength;
      items += entry.batch.itemCount;
    },
    shift,
    take(maxItems, maxBytes) {
      const first = shift();
      if (first === undefined) return [];
      const taken = [first];
      let takenItems = first.batch.itemCount;
      let takenBytes = first.batch.byteLength;
      for (let next = entries[head]; next !== undefined; next = entries[head]) {
        takenItems += next.batch.itemCount;
        takenBytes += next.batch.byteLength;
        // Only logs are joined: their batch knows how.
        const joins = next.batch.signal === "logs" && first.batch.signal === "logs";
        if (!joins || takenItems > maxItems || takenBytes > maxBytes) break;
        taken.push(shift()!);
      }
      return taken;
    },
  };
}

export function join(entries: readonly Entry[]): Batch {
  if (entries.length === 1) return entries[0]!.batch;
  return Logs.merge(entries.map(({ batch }) => batch as Logs));
}
