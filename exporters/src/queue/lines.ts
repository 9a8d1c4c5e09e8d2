// Whole lines of a file of the queue, whatever others do with it meanwhile.

import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createLineSplitter, type LeavesOut, type Line } from "./line-splitter.ts";

export interface OpenFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/** Some thousand lines: a few milliseconds between two turns of the event loop. */
const chunkBytes = 512 * 1024;

/** undefined where there is none, or something that is no file. */
export async function openFile(path: string): Promise<OpenFile | undefined> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK a FIFO would hold a thread for as long as nobody writes to it.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const stats = await handle.stat();
  if (stats.isFile()) return { handle, stats };
  await handle.close();
  return undefined;
}

export interface ReadLinesOptions {
  readonly leavesOut?: LeavesOut | undefined;
  /** No further than this; to the end unless given. Who writes may be faster than a reader that follows. */
  readonly upTo?: number;
}

/** From `start` on; returns the offset behind the last LF. */
export async function readLines(
  handle: FileHandle,
  start: number,
  onLine: (line: Line) => void,
  { leavesOut, upTo = Number.POSITIVE_INFINITY }: ReadLinesOptions = {},
): Promise<number> {
  const splitter = createLineSplitter(start, leavesOut);
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let at = start; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, Math.max(0, upTo - at)), at);
    if (bytesRead === 0) return splitter.offset;
    at += bytesRead;
    for (const line of splitter.push(buffer.subarray(0, bytesRead))) onLine(line);
  }
}

/** The bytes just before an offset, at most so many: by them a reader sees that a place is still what it was. */
export async function bytesBefore(handle: FileHandle, offset: number, count: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.min(count, offset));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset - bytes.length);
  return bytes.subarray(0, bytesRead);
}
