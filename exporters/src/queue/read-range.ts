// Reads a part of a file at once: what the exporter has to know before it may write.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

const chunkBytes = 1024 * 1024;

export interface Range {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** Returns the offset behind the last LF; `from` where there is none. */
export function readWholeLines({ path, from, to }: Range, onLine: (line: string) => void): number {
  let rest = "";
  let at = from;
  while (at < to) {
    const bytes = readRange(path, undefined, at, Math.min(to, at + chunkBytes));
    if (bytes === undefined || bytes.length === 0) break;
    at += bytes.length;
    const lines = (rest + bytes.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
  // A line that only lacks its LF is whole: the next append begins with it.
  if (rest !== "") onLine(rest);
  return at - rest.length;
}

/** undefined where it cannot be read, or is not the expected file. */
export function readRange(
  path: string,
  expected: { readonly inode: number } | undefined,
  from: number,
  to: number,
): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || (expected !== undefined && stats.ino !== expected.inode)) return undefined;
    const bytes = Buffer.allocUnsafe(Math.max(0, to - from));
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(fd, bytes, done, bytes.length - done, from + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
