// Reads what a pipe has written, segment after segment, from a position that is kept over restarts.

import { type FileHandle, open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { readJson, writeWhole } from "./registry.ts";

/** Everything before it has been taken. */
export interface Position {
  readonly run: number;
  readonly segment: number;
  readonly offset: number;
  /** Of the segment's file; 0 before it was seen. */
  readonly inode: number;
  /** How often the segment began anew under its name. */
  readonly turn: number;
}

const positionSchema: z.ZodType<Position> = z.object({
  run: z.int(),
  segment: z.int().nonnegative(),
  offset: z.int().nonnegative(),
  inode: z.int().nonnegative(),
  turn: z.int().nonnegative(),
});

export function readPosition(path: string, run: number): Position {
  const parsed = positionSchema.safeParse(readJson(path));
  return parsed.success && parsed.data.run === run ? parsed.data : { run, segment: 0, offset: 0, inode: 0, turn: 0 };
}

export function writePosition(path: string, position: Position): void {
  writeWhole(path, position);
}

export type SegmentEvent = "truncated" | "replaced" | "segments_missed";

export interface Segments {
  /** The next bytes and where they begin; undefined where there is nothing new. */
  read(): Promise<{ readonly bytes: Buffer; readonly position: Position } | undefined>;
  /** Deletes the segments before this one. */
  forgetBefore(segment: number): Promise<void>;
}

export interface SegmentsOptions {
  /** `<directory>/<stem>-<run>-`; the number and `.log` follow. */
  readonly prefix: string;
  readonly position: Position;
  /** What was read so far of a line that is not complete is void. */
  readonly onEvent: (event: SegmentEvent, count: number) => void;
}

/** A read of this size is a batch of some thousand records. */
const readBytes = 256 * 1024;

export function createSegments({ prefix, position: from, onEvent }: SegmentsOptions): Segments {
  let at = from;

  /** The numbers of the segments that are there, from the oldest. */
  async function list(): Promise<number[]> {
    const name = basename(prefix);
    const names = await readdir(dirname(prefix)).catch(() => []);
    return names
      .filter((each) => each.startsWith(name) && /^\d{1,9}\.log$/.test(each.slice(name.length)))
      .map((each) => Number.parseInt(each.slice(name.length), 10))
      .sort((a, b) => a - b);
  }

  async function readFrom(file: FileHandle) {
    const { ino, size } = await file.stat();
    if (at.inode !== 0 && ino !== at.inode) startAnew("replaced");
    else if (size < at.offset) startAnew("truncated");
    if (ino !== at.inode) at = { ...at, inode: ino };
    if (size <= at.offset) return undefined;
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, size - at.offset));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at.offset);
    if (bytesRead === 0) return undefined;
    const position = at;
    at = { ...at, offset: at.offset + bytesRead };
    return { bytes: buffer.subarray(0, bytesRead), position };
  }

  function startAnew(event: SegmentEvent): void {
    onEvent(event, 1);
    at = { ...at, offset: 0, turn: at.turn + 1 };
  }

  /** The writer begins a new segment only when it is done with the one before. */
  async function advance(currentIsThere: boolean): Promise<boolean> {
    const next = (await list()).find((segment) => segment > at.segment);
    if (next === undefined) return false;
    const missed = next - at.segment - (currentIsThere ? 1 : 0);
    if (missed > 0) onEvent("segments_missed", missed);
    at = { ...at, segment: next, offset: 0, inode: 0, turn: 0 };
    return true;
  }

  return {
    async read() {
      for (;;) {
        // Asked before the read: what is written to the segment after this answer is found at the next call.
        const hasNext = (await list()).some((segment) => segment > at.segment);
        const file = await open(`${prefix}${at.segment}.log`, "r").catch(() => undefined);
        try {
          const found = file && (await readFrom(file));
          if (found !== undefined) return found;
        } finally {
          await file?.close();
        }
        if (!hasNext || !(await advance(file !== undefined))) return undefined;
      }
    },
    async forgetBefore(segment) {
      const name = basename(prefix);
      for (const old of (await list()).filter((each) => each < segment))
        await rm(join(dirname(prefix), `${name}${old}.log`), { force: true });
    },
  };
}
