// Where to begin so that the last so many wanted lines of a spool are read, found from its end in blocks.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { SpoolPaths, SpoolStart } from "./spool-reader.ts";

const blockBytes = 256 * 1024;
const lineFeed = 0x0a;

/** The beginning of the spool where it has fewer of them. */
export function startOfLast(count: number, paths: SpoolPaths, wanted: (line: string) => boolean): SpoolStart {
  const current = scan(paths.spoolPath, count, wanted);
  if (current.left === 0) return { file: "current", offset: current.offset };
  const older = scan(paths.olderSpoolPath, current.left, wanted);
  return { file: "older", offset: older.offset };
}

interface Scanned {
  readonly offset: number;
  /** How many are missing. */
  readonly left: number;
}

function scan(path: string, count: number, wanted: (line: string) => boolean): Scanned {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return { offset: 0, left: count };
  }
  try {
    let left = count;
    if (left === 0) return { offset: fstatSync(fd).size, left };
    for (const { line, offset } of linesFromEnd(fd)) {
      if (wanted(line) && --left === 0) return { offset, left };
    }
    return { offset: 0, left };
  } finally {
    closeSync(fd);
  }
}

/** Every whole line with the offset of its first byte, the last one first. */
function* linesFromEnd(fd: number): Generator<{ readonly line: string; readonly offset: number }> {
  let to = fstatSync(fd).size;
  /** The end of a line whose beginning stands in the block before. */
  let tail: Buffer = Buffer.alloc(0);
  /** What stands behind the last LF is no line yet. */
  let complete = false;
  while (to > 0) {
    const from = Math.max(0, to - blockBytes);
    const block = Buffer.allocUnsafe(to - from);
    readSync(fd, block, 0, block.length, from);
    const bytes = Buffer.concat([block, tail]);
    let end = bytes.length;
    for (
      let at = bytes.lastIndexOf(lineFeed, end - 1);
      at >= 0;
      at = at === 0 ? -1 : bytes.lastIndexOf(lineFeed, at - 1)
    ) {
      if (complete && end > at + 1) yield { line: bytes.toString("utf8", at + 1, end), offset: from + at + 1 };
      complete = true;
      end = at;
    }
    tail = bytes.subarray(0, end);
    to = from;
  }
  if (complete && tail.length > 0) yield { line: tail.toString("utf8"), offset: 0 };
}
