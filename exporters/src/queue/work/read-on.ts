// What files of the queue say, without the events that nobody has to work on: read once, and then what has come since.

import type { Line } from "../line-splitter.ts";
import { openFile, readLines } from "../lines.ts";
import { createFold, type Fold } from "./fold.ts";
import type { Segment } from "./segments.ts";

export interface ReadSoFar {
  readonly fold: Fold;
  /** Of each file, by its number: how far it was read. */
  readonly ends: ReadonlyMap<number, ReadEnd>;
}

interface ReadEnd {
  readonly device: number;
  readonly inode: number;
  /** Behind its last whole line. */
  readonly end: number;
}

export function nothingRead(): ReadSoFar {
  return { fold: createFold({ withoutInfo: true }), ends: new Map() };
}

/**
 * Up to where the files end now. Goes on where `so` has ended, also in a file that has another name now; `so` is used up. All of
 * it anew where a file is another one, or shorter than what was read of it.
 */
export async function readOn(so: ReadSoFar, segments: readonly Segment[]): Promise<ReadSoFar> {
  const { fold } = so;
  const ends = new Map(so.ends);
  for (const { path, start, number } of segments) {
    const file = await openFile(path);
    const known = ends.get(number);
    if (file === undefined) {
      if (known !== undefined) return readOn(nothingRead(), segments);
      continue;
    }
    try {
      const { dev: device, ino: inode, size } = file.stats;
      const isAnother = known !== undefined && (known.inode !== inode || known.device !== device || known.end > size);
      if (isAnother) return await readOn(nothingRead(), segments);
      const add = ({ text, end }: Line) => fold.add(text, { segment: number, end });
      const end = await readLines(file.handle, known?.end ?? start, add, { leavesOut: fold.leavesOut, upTo: size });
      ends.set(number, { device, inode, end });
    } finally {
      await file.handle.close();
    }
  }
  return { fold, ends };
}
