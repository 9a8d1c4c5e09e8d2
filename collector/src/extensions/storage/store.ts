// The batches of one queue on the disk: kept when they are synced, taken in order, removed when they have arrived.
//
// The front of what waits is in memory too, up to a bound, so that a healthy exporter's batches are written and never read; past
// the bound they are read from the disk, many at once, and memory stays flat however long the queue.

import {
  addItems,
  type Batch,
  type BatchStore,
  type ItemCounts,
  mergeBatches,
  noItems,
  retryable,
  type StoreEvents,
  type TakeLimits,
  type Taken,
  totalItems,
} from "../../component/index.ts";
import { readFrames } from "./read-frames.ts";
import type { Segment } from "./segment.ts";
import type { Segments } from "./segments.ts";
import { createWriter, sizeOf } from "./writer.ts";

export interface StoreOptions {
  readonly sync: boolean;
  /** Writing failed for this reason, or (undefined) works. */
  trouble(reason: string | undefined): void;
  /** Something was damaged and is kept there. */
  damaged(paths: readonly string[]): void;
}

/** On the disk, and still in memory. */
interface Cached {
  readonly batch: Batch;
  readonly segment: Segment;
  readonly end: number;
}

/** Two calls of an exporter's usual size: one on its way, one to follow. */
const maxCachedBytes = 8 * 1024 * 1024;
/** What one read of the disk brings, for as many calls as it is enough for. */
const chunkBytes = 4 * 1024 * 1024;

export function createStore(segments: Segments, events: StoreEvents, options: StoreOptions): BatchStore {
  const items = noItems();
  let pendingBytes = 0;
  let takenBytes = 0;
  let cached: Cached[] = [];
  let cachedBytes = 0;
  /** Behind the cached batches others wait that are on the disk alone. */
  let gap = segments.all.length > 0;
  let reading: Promise<unknown> = Promise.resolve();
  let readers = 0;
  let tidying: Promise<void> | undefined;
  let untidy = false;
  let closing: Promise<void> | undefined;

  for (const segment of segments.all) addItems(items, segment.waiting());

  const writer = createWriter({
    segments,
    sync: options.sync,
    trouble: options.trouble,
    written(batch, segment, end) {
      pendingBytes -= sizeOf(batch);
      if (!gap && cachedBytes + batch.byteLength <= maxCachedBytes) {
        cached.push({ batch, segment, end });
        cachedBytes += batch.byteLength;
      } else gap = true;
      events.ready();
    },
    failed(batch) {
      pendingBytes -= sizeOf(batch);
      items[batch.signal] -= batch.itemCount;
    },
  });

  function tidy(): void {
    untidy = true;
    tidying ??= (async () => {
      while (untidy) {
        untidy = false;
        await Promise.resolve();
        // What cannot be removed now is removed at the next start: it is read to its end.
        const aside = await segments.retire().catch(() => []);
        if (aside.length > 0) options.damaged(aside);
      }
      tidying = undefined;
    })();
  }

  /** `batches` of a segment up to `to` are on their way. */
  function toTaken(segment: Segment, to: number, batches: readonly Batch[]): Taken {
    const bytes = to - segment.readAt;
    const counts = noItems();
    for (const { signal, itemCount } of batches) counts[signal] += itemCount;
    const arrived = segment.take(to, counts);
    takenBytes += bytes;
    countDamaged(segment);
    let removed = false;
    return {
      batch: mergeBatches(batches),
      settle() {},
      remove() {
        if (removed) return;
        removed = true;
        takenBytes -= bytes;
        addItems(items, counts, -1);
        arrived();
        tidy();
      },
    };
  }

  /** What a segment should have held and did not give is lost; known when it has been read to its end. */
  function countDamaged(segment: Segment): void {
    if (segment.readAt < segment.end) return;
    const missing = segment.waiting();
    if (totalItems(missing) === 0) return;
    segment.damaged = true;
    segment.skip();
    addItems(items, missing, -1);
    events.lost(missing, "storage_damaged");
    tidy();
  }

  function takeCached({ maxItems, maxBytes }: TakeLimits): Taken {
    const first = cached[0]!;
    let count = 0;
    let takenItems = 0;
    let takenSize = 0;
    for (const { batch, segment } of cached) {
      takenItems += batch.itemCount;
      takenSize += batch.byteLength;
      const joins = batch.signal === first.batch.signal && segment === first.segment;
      if (count > 0 && (!joins || takenItems > maxItems || takenSize > maxBytes)) break;
      count++;
    }
    const entries = cached.slice(0, count);
    cached = cached.slice(count);
    for (const { batch } of entries) cachedBytes -= batch.byteLength;
    return toTaken(
      first.segment,
      entries.at(-1)!.end,
      entries.map(({ batch }) => batch),
    );
  }

  /** Whether something waits behind this place. */
  function isBehind({ number }: Segment, place: number): boolean {
    return segments.all.some((each) =>
      each.number === number ? place < each.end : each.number > number && each.readAt < each.end,
    );
  }

  async function takeFromDisk(limits: TakeLimits): Promise<Taken | undefined> {
    for (;;) {
      if (cached.length > 0) return takeCached(limits);
      for (const each of segments.all) countDamaged(each);
      const segment = segments.readable();
      if (segment === undefined) {
        gap = false;
        return undefined;
      }
      const { readAt: from, end, seed } = segment;
      // What cannot be read is as good as damaged: a disk that fails now will not give it later.
      const unreadable = { frames: [], to: end, damaged: true };
      const { frames, to, damaged } = await readFrames(segment.read, { from, end, seed }, chunkBytes).catch(
        () => unreadable,
      );
      // Given up meanwhile, to make room.
      if (segment.readAt !== from) continue;
      segment.damaged ||= damaged;
      if (frames.length > 0) {
        cached = frames.map((frame) => ({ ...frame, segment }));
        cachedBytes = frames.reduce((sum, { batch }) => sum + batch.byteLength, 0);
        gap = isBehind(segment, to);
        continue;
      }
      segment.take(to, noItems())();
      countDamaged(segment);
      tidy();
    }
  }

  return {
    get bytes() {
      return pendingBytes + segments.waitingBytes() + takenBytes;
    },
    items,
    survives: true,
    late: retryable("the storage's disk is slow", 1_000),
    hasRoom: writer.hasRoom,
    put(batch) {
      pendingBytes += sizeOf(batch);
      items[batch.signal] += batch.itemCount;
      return writer.put(batch);
    },
    take(limits) {
      if (readers === 0 && cached.length > 0) return takeCached(limits);
      if (readers === 0 && !gap) return undefined;
      readers++;
      const taken = reading.then(() => takeFromDisk(limits)).finally(() => readers--);
      reading = taken.catch(() => undefined);
      return taken;
    },
    dropOldest(): ItemCounts | undefined {
      const segment = segments.readable();
      if (segment === undefined) return undefined;
      const dropped = segment.waiting();
      segment.skip();
      for (const { batch } of cached.filter((each) => each.segment === segment)) cachedBytes -= batch.byteLength;
      cached = cached.filter((each) => each.segment !== segment);
      gap &&= segments.readable() !== undefined;
      addItems(items, dropped, -1);
      tidy();
      return dropped;
    },
    async close() {
      closing ??= (async () => {
        await writer.idle();
        await reading;
        while (tidying) await tidying;
        await segments.close();
      })();
      await closing;
      return noItems();
    },
  };
}
