// Reads the events of the queue's file as they were written, once or for as long as it grows; what they are now, the fold says
// (work/). A place in it is device, inode and offset: enough to go on there after a restart, and to see that the file is
// another one now. Only whole lines are read.

import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { TriggerEvent } from "./event.ts";
import { createLineSplitter } from "./line-splitter.ts";
import { type OpenFile, openFile } from "./lines.ts";
import { createWatch } from "./watch.ts";
import { isEvent } from "./work/fold.ts";
import { asPatch } from "./work/patch.ts";

/** JSON-safe: a program may keep it. */
export interface QueuePosition {
  readonly device: number;
  readonly inode: number;
  /** Bytes; where the next line begins. */
  readonly offset: number;
}

export interface QueueEntry {
  readonly event: TriggerEvent;
  /** Behind this event: to go on from. */
  readonly position: QueuePosition;
}

interface SharedOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called for each line that is neither event nor patch: torn, no JSON, or not of this format. Blank lines are no lines. */
  readonly onSkipped?: (() => void) | undefined;
}

export interface ReadOptions extends SharedOptions {
  /** Where to begin; the beginning where that place is not there any more. */
  readonly from?: QueuePosition | undefined;
}

export interface FollowOptions extends SharedOptions {
  /** `end`: only what comes from now on. */
  readonly from?: QueuePosition | "end" | undefined;
}

const chunkBytes = 64 * 1024;

/** The events that are in the queue now. Nothing where there is no file. Throws where the file cannot be read. */
export async function* readQueue(path: string, options: ReadOptions = {}): AsyncGenerator<QueueEntry, void> {
  const file = await openFile(path);
  if (file === undefined) return;
  try {
    yield* drain(file, await startOf(file, options.from), options);
  } finally {
    await file.handle.close();
  }
}

/** The events that are in the queue and those that come, until `signal` aborts; through replacement, truncation and deletion. */
export async function* followQueue(path: string, options: FollowOptions = {}): AsyncGenerator<QueueEntry, void> {
  const { signal } = options;
  const watch = createWatch(dirname(path), signal);
  let from = options.from === "end" ? await endOf(path) : options.from;
  try {
    while (!signal?.aborted) {
      const file = await openFile(path);
      if (file === undefined) {
        from = undefined;
        await watch.changed();
        continue;
      }
      try {
        yield* followFile(file, path, await startOf(file, from), options, watch.changed);
      } finally {
        await file.handle.close();
      }
      from = undefined;
    }
  } finally {
    watch.close();
  }
}

/** Ends when another file, or none, is at the path. */
async function* followFile(
  file: OpenFile,
  path: string,
  start: number,
  options: SharedOptions,
  changed: () => Promise<void>,
): AsyncGenerator<QueueEntry, void> {
  let offset = start;
  while (!options.signal?.aborted) {
    // Asked before reading: what is written to a file until it is replaced is read to its end.
    const there = await statOrNothing(path);
    const { size } = await file.handle.stat();
    if (size < offset) offset = 0;
    offset = yield* drain(file, offset, options);
    if (there === undefined || there.ino !== file.stats.ino || there.dev !== file.stats.dev) return;
    if ((await file.handle.stat()).size === size) await changed();
  }
}

/** Up to the last LF; returns the offset behind it. */
async function* drain(
  file: OpenFile,
  start: number,
  { signal, onSkipped }: ReadOptions,
): AsyncGenerator<QueueEntry, number> {
  const { dev: device, ino: inode } = file.stats;
  const splitter = createLineSplitter(start);
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let at = start; !signal?.aborted; ) {
    const { bytesRead } = await file.handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    for (const { text, end } of splitter.push(buffer.subarray(0, bytesRead))) {
      const event = parse(text);
      if (event === undefined) onSkipped?.();
      else if (event !== "none") yield { event, position: { device, inode, offset: end } };
    }
  }
  return splitter.offset;
}

/** undefined for a line that is no event; also for one that is too long. */
function parse(line: string | undefined): TriggerEvent | "none" | undefined {
  // Editors leave a byte order mark and CRLF behind.
  const text = line?.replace(/^\ufeff/, "").trim();
  if (text === "") return "none";
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value !== "object" || value === null) return undefined;
    if (isEvent(value)) return value;
    return asPatch(value as Record<string, unknown>) === undefined ? undefined : "none";
  } catch {
    return undefined;
  }
}

async function statOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

async function startOf(
  { handle, stats: { dev, ino, size } }: OpenFile,
  from: QueuePosition | undefined,
): Promise<number> {
  if (from === undefined || from.device !== dev || from.inode !== ino || from.offset > size || from.offset === 0)
    return 0;
  // The number of an inode is used again: a place in another file is hardly behind an LF.
  const before = Buffer.alloc(1);
  await handle.read(before, 0, 1, from.offset - 1);
  return before.toString() === "\n" ? from.offset : 0;
}

async function endOf(path: string): Promise<QueuePosition | undefined> {
  const stats = await statOrNothing(path);
  return stats && { device: stats.dev, inode: stats.ino, offset: stats.size };
}
