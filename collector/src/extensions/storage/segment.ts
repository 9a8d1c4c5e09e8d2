// One file of a store: frames are appended and synced in groups, read from the front, and removed by moving a mark.

import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { addItems, type Batch, type ItemCounts, noItems } from "../../component/index.ts";
import { encodeMark, frameHeaderBytes, type Mark, type MarkName, markAt, writeFrameHeader } from "./frame.ts";
import type { ReadBytes } from "./read-frames.ts";

export interface SegmentStart {
  readonly handle: FileHandle;
  readonly path: string;
  readonly number: number;
  readonly seed: number;
  readonly end: Mark;
  readonly removed: Mark;
  /** Bytes that the file has on the disk: writing there needs no room, and syncing no change of its size. */
  readonly fileBytes: number;
  /** Something of it is missing; it is kept for a look when it has been read. */
  readonly damaged: boolean;
}

export interface Segment {
  readonly handle: FileHandle;
  readonly number: number;
  readonly seed: number;
  path: string;
  damaged: boolean;
  /** Where the frames end that are on the disk. */
  readonly end: number;
  readonly fileBytes: number;
  /** Where the next frame to take begins. */
  readonly readAt: number;
  /** Items that wait: not taken, not skipped. */
  waiting(): ItemCounts;
  readonly inFlight: number;
  /** Writes the batches behind the others and, with `sync`, waits for the disk. Throws what the file system says. */
  append(batches: readonly Batch[], sync: boolean): Promise<void>;
  readonly read: ReadBytes;
  /** `to` has been read, `items` of it are on their way; the function it returns says that they have arrived. */
  take(to: number, items: Readonly<ItemCounts>): () => void;
  /** What waits is given up. */
  skip(): void;
  /** Notes on the disk that nothing more comes. Best effort: without it the file is scanned at the next start. */
  seal(): Promise<void>;
  /** Resolves when nothing is being written to its head. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Taken and not yet removed. */
interface Range {
  readonly from: number;
  readonly items: Readonly<ItemCounts>;
  readonly to: Mark;
  done: boolean;
}

/** Requests up to this size are copied together with their headers, so that a group of them is one piece of a write. */
const smallBytes = 16 * 1024;

export function createSegment(start: SegmentStart): Segment {
  const { handle, number, seed } = start;
  let end = start.end.offset;
  let { fileBytes } = start;
  const total = { ...start.end.items };
  let readAt = start.removed.offset;
  const taken = { ...start.removed.items };
  const ranges: Range[] = [];
  let removed = start.removed;
  let marking: Promise<void> | undefined;
  let gapsWritten: Promise<unknown> = Promise.resolve();

  /** Not synced: what a power cut takes back is sent twice, not lost. */
  async function writeMark(name: MarkName, mark: Mark): Promise<void> {
    await handle.write(encodeMark(mark, seed), 0, undefined, markAt[name]);
  }

  /** One write at a time, the newest place only. */
  function keepMark(): void {
    marking ??= (async () => {
      for (let mark: Mark | undefined; mark !== removed; ) {
        mark = removed;
        // Where it cannot be written the frames are sent once more after a crash.
        await writeMark("removed", mark).catch(() => undefined);
      }
      marking = undefined;
    })();
  }

  /** Older frames are still on their way: so that it is not taken for one that waits, should the process end before they arrive. */
  function writeGap({ from, to, items }: Range): void {
    if (to.offset === from) return;
    const header = Buffer.alloc(frameHeaderBytes);
    const length = to.offset - from - frameHeaderBytes;
    writeFrameHeader(header, 0, { length, signal: "gap", items: 0, before: items, crc: 0 }, seed);
    gapsWritten = gapsWritten.then(() => handle.write(header, 0, undefined, from)).catch(() => undefined);
  }

  function finished(range: Range): void {
    if (range.done) return;
    range.done = true;
    const gaps = removed.gaps === true || ranges[0] !== range;
    if (ranges[0] !== range) writeGap(range);
    while (ranges[0]?.done === true) removed = { ...ranges.shift()!.to, gaps };
    if (gaps && removed.gaps !== true) removed = { ...removed, gaps };
    keepMark();
  }

  const segment: Segment = {
    handle,
    number,
    seed,
    path: start.path,
    damaged: start.damaged,
    get end() {
      return end;
    },
    get fileBytes() {
      return fileBytes;
    },
    get readAt() {
      return readAt;
    },
    waiting() {
      const waiting = { ...total };
      addItems(waiting, taken, -1);
      return waiting;
    },
    get inFlight() {
      return ranges.length;
    },
    async append(batches, sync) {
      const { pieces, items } = encodeFrames(batches, total, seed);
      const to = await writeAll(handle, pieces, end);
      if (sync) await handle.datasync();
      end = to;
      fileBytes = Math.max(fileBytes, to);
      addItems(total, items);
    },
    async read(offset, length) {
      const bytes = Buffer.allocUnsafeSlow(length);
      let got = 0;
      while (got < length) {
        const { bytesRead } = await handle.read(bytes, got, length - got, offset + got);
        if (bytesRead === 0) break;
        got += bytesRead;
      }
      return bytes.subarray(0, got);
    },
    take(to, items) {
      const from = readAt;
      readAt = to;
      addItems(taken, items);
      const range: Range = { from, items: { ...items }, to: { offset: to, items: { ...taken } }, done: false };
      ranges.push(range);
      return () => finished(range);
    },
    skip() {
      const rest = segment.waiting();
      const arrived = segment.take(end, rest);
      arrived();
    },
    seal: () => writeMark("sealed", { offset: end, items: { ...total } }).catch(() => undefined),
    async idle() {
      while (marking) await marking;
      await gapsWritten;
    },
    async close() {
      await segment.idle();
      await handle.close();
    },
  };
  return segment;
}

interface EncodedFrames {
  readonly pieces: Buffer[];
  readonly items: ItemCounts;
}

function encodeFrames(batches: readonly Batch[], total: Readonly<ItemCounts>, seed: number): EncodedFrames {
  const items = noItems();
  const requests = batches.map((batch) => batch.encode());
  const copied = requests.reduce((sum, { length }) => sum + frameHeaderBytes + (length <= smallBytes ? length : 0), 0);
  const buffer = Buffer.allocUnsafe(copied);
  const pieces: Buffer[] = [];
  let pieceFrom = 0;
  let at = 0;
  batches.forEach(({ signal, itemCount }, index) => {
    const request = requests[index]!;
    const { length } = request;
    const before = { ...total };
    addItems(before, items);
    writeFrameHeader(buffer, at, { length, signal, items: itemCount, before, crc: crc32(request) }, seed);
    at += frameHeaderBytes;
    items[signal] += itemCount;
    if (length <= smallBytes) {
      buffer.set(request, at);
      at += length;
      return;
    }
    pieces.push(buffer.subarray(pieceFrom, at), Buffer.from(request.buffer, request.byteOffset, length));
    pieceFrom = at;
  });
  if (at > pieceFrom) pieces.push(buffer.subarray(pieceFrom, at));
  return { pieces, items };
}

/** A write may be short without an error, where the disk has just become full. */
async function writeAll(handle: FileHandle, pieces: readonly Buffer[], position: number): Promise<number> {
  let left = [...pieces];
  let at = position;
  while (left.length > 0) {
    const { bytesWritten } = await handle.writev(left, at);
    if (bytesWritten === 0) throw Object.assign(new Error("nothing could be written"), { code: "ENOSPC" });
    at += bytesWritten;
    left = without(left, bytesWritten);
  }
  return at;
}

function without(pieces: readonly Buffer[], written: number): Buffer[] {
  let skip = written;
  const rest: Buffer[] = [];
  for (const piece of pieces) {
    if (skip >= piece.length) skip -= piece.length;
    else {
      rest.push(skip > 0 ? piece.subarray(skip) : piece);
      skip = 0;
    }
  }
  return rest;
}
