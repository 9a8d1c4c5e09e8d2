// The queue as it is, from all its files: read once, then only what has come; from the beginning again where another program has
// changed what was read.

import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import type { Line } from "../line-splitter.ts";
import { bytesBefore, type OpenFile, openFile, readLines } from "../lines.ts";
import { createFold, type Fold, type FoldOptions } from "./fold.ts";
import { listSegments, type Segment } from "./segments.ts";

export interface QueueView {
  /** Reads what has come. Throws where a file of the queue cannot be read. */
  refresh(): Promise<void>;
  /** Another one after a `refresh` that had to begin again. */
  readonly fold: Fold;
  /** Behind what was read of the active file; undefined where there is none. */
  readonly end: ReadPosition | undefined;
  /** The files, as they were read; the active one is the last. */
  readonly segments: readonly Segment[];
  close(): Promise<void>;
}

export interface ReadPosition {
  readonly device: number;
  readonly inode: number;
  readonly offset: number;
  /** The last bytes before it. */
  readonly before: Buffer;
}

interface Active {
  readonly file: OpenFile;
  offset: number;
  size: number;
  modifiedMs: number;
  before: Buffer;
}

/** So much of a line tells it from others: it has a hash, a time and an end. */
export const anchorBytes = 64;
/** A rotation takes a moment; a queue that is renamed all the time is read as it is. */
const attempts = 8;

export function createQueueView(path: string, options: FoldOptions = {}): QueueView {
  let fold = createFold(options);
  let segments: readonly Segment[] = [];
  /** Sizes of the older files when they were read, in the order of `segments`. */
  let sizes: readonly number[] = [];
  let active: Active | undefined;
  let wasRead = false;

  async function refresh(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      if (wasRead && (await isUnchanged())) {
        if (active === undefined) return;
        if (await readMore(active)) return;
      }
      await readAll();
      if (attempt === attempts || (await isUnchanged())) return;
    }
  }

  /** The files are still those that were read. */
  async function isUnchanged(): Promise<boolean> {
    const now = listSegments(path);
    if (now.length !== segments.length || now.some((segment, index) => segment.path !== segments[index]?.path))
      return false;
    const older = await Promise.all(now.slice(0, -1).map((segment) => statOrNothing(segment.path)));
    if (older.some((stats, index) => stats?.size !== sizes[index])) return false;
    const there = await statOrNothing(path);
    if (active === undefined) return there === undefined || !there.isFile();
    const { dev, ino } = active.file.stats;
    return there?.ino === ino && there.dev === dev;
  }

  /** False where what was read has been changed. */
  async function readMore(from: Active): Promise<boolean> {
    const { handle } = from.file;
    const { size, mtimeMs } = await handle.stat();
    if (size === from.size) return mtimeMs === from.modifiedMs;
    if (size < from.size) return false;
    if (!(await bytesBefore(handle, from.offset, anchorBytes)).equals(from.before)) return false;
    await readOn(from);
    return true;
  }

  async function readOn(from: Active): Promise<void> {
    const { handle } = from.file;
    const segment = segments.length;
    const add = ({ text, end }: Line) => fold.add(text, { segment, end });
    from.offset = await readLines(handle, from.offset, add, { leavesOut: fold.leavesOut });
    from.before = Buffer.from(await bytesBefore(handle, from.offset, anchorBytes));
    const { size, mtimeMs } = await handle.stat();
    from.size = size;
    from.modifiedMs = mtimeMs;
  }

  async function readAll(): Promise<void> {
    // Who is told of every change is told of the last lines of a file that was sealed, too.
    if (options.onChange !== undefined && active !== undefined) await readMore(active);
    await close();
    fold = createFold(options);
    segments = listSegments(path);
    const found: number[] = [];
    for (const [index, segment] of segments.slice(0, -1).entries()) found.push(await readOlder(segment, index + 1));
    sizes = found;
    const file = await openFile(path);
    if (file !== undefined) {
      active = { file, offset: 0, size: 0, modifiedMs: 0, before: Buffer.alloc(0) };
      await readOn(active);
    }
    wasRead = true;
  }

  /** Its size; -1 where it has gone meanwhile. */
  async function readOlder({ path: olderPath, start }: Segment, number: number): Promise<number> {
    const file = await openFile(olderPath);
    if (file === undefined) return -1;
    try {
      const add = ({ text, end }: Line) => fold.add(text, { segment: number, end });
      await readLines(file.handle, start, add, { leavesOut: fold.leavesOut });
      return (await file.handle.stat()).size;
    } finally {
      await file.handle.close();
    }
  }

  async function close(): Promise<void> {
    await active?.file.handle.close();
    active = undefined;
    wasRead = false;
  }

  return {
    refresh,
    get fold() {
      return fold;
    },
    get end() {
      if (active === undefined) return undefined;
      const { dev, ino } = active.file.stats;
      return { device: dev, inode: ino, offset: active.offset, before: active.before };
    },
    get segments() {
      return segments;
    },
    close,
  };
}

async function statOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}
