// The batches of a sending queue in memory: nothing outlives the process.

import type { Batch } from "@chriscode/devmux-telemetry-protocol";
import { accepted, mergeBatches } from "../component/index.ts";
import { addItems, type BatchStore, type ItemCounts, noItems, type Taken } from "../component/storage.ts";

interface Entry {
  readonly batch: Batch;
  /** Called once, when the first attempt with this batch has ended or the batch was dropped. */
  readonly settle: (() => void) | undefined;
}

export function createMemoryStore(ready: () => void): BatchStore {
  let entries: (Entry | undefined)[] = [];
  let head = 0;
  let bytes = 0;
  const items = noItems();

  function forget(batch: Batch): void {
    bytes -= batch.byteLength;
    items[batch.signal] -= batch.itemCount;
  }

  function shift(): Entry | undefined {
    const entry = entries[head];
    if (entry === undefined) return undefined;
    // Not held until the next compaction: it may be megabytes.
    entries[head++] = undefined;
    // Compact now and then, so that taking from the front stays cheap however long the queue.
    if (head > 1024 && head * 2 > entries.length) {
      entries = entries.slice(head);
      head = 0;
    }
    return entry;
  }

  function push(batch: Batch, settle: (() => void) | undefined): void {
    entries.push({ batch, settle });
    bytes += batch.byteLength;
    items[batch.signal] += batch.itemCount;
    ready();
  }

  function dropOldest(): ItemCounts | undefined {
    const entry = shift();
    if (entry === undefined) return undefined;
    forget(entry.batch);
    entry.settle?.();
    return { ...noItems(), [entry.batch.signal]: entry.batch.itemCount };
  }

  return {
    get bytes() {
      return bytes;
    },
    items,
    survives: false,
    hasRoom: () => true,
    // It stays queued: nothing more is promised of memory.
    late: accepted,
    put(batch, waitForResult) {
      if (waitForResult) return new Promise((resolve) => push(batch, () => resolve(accepted)));
      push(batch, undefined);
      return accepted;
    },
    take({ maxItems, maxBytes }): Taken | undefined {
      const first = shift();
      if (first === undefined) return undefined;
      const taken = [first];
      let { itemCount: takenItems, byteLength: takenBytes } = first.batch;
      for (let next = entries[head]; next !== undefined; next = entries[head]) {
        takenItems += next.batch.itemCount;
        takenBytes += next.batch.byteLength;
        if (next.batch.signal !== first.batch.signal || takenItems > maxItems || takenBytes > maxBytes) break;
        taken.push(next);
        shift();
      }
      return {
        batch: mergeBatches(taken.map(({ batch }) => batch)),
        settle() {
          for (const { settle } of taken) settle?.();
        },
        remove() {
          for (const { batch } of taken) forget(batch);
        },
      };
    },
    dropOldest,
    async close() {
      const lost = noItems();
      for (let counts = dropOldest(); counts !== undefined; counts = dropOldest()) addItems(lost, counts);
      return lost;
    },
  };
}
