// A file that only grows, by whole lines, and that others may replace, truncate or delete at any moment.
//
// One call of `append` is one write(2) on an O_APPEND descriptor, which local file systems keep whole between processes. A
// write that fails or stops short leaves a torn line behind; the next one begins with LF, so that no two lines merge.

import { closeSync, fstatSync, lstatSync, readSync, writeSync } from "node:fs";
import { openToAppend } from "./open.ts";
import { type FileProblem, fileProblem, systemProblem } from "./problem.ts";

export interface AppendFile {
  /** Opens the file, or finds out whether it is still the one at the path. To be called before each `append`. */
  check(): Checked;
  /** `bytes` must end with LF. `written` counts bytes of `bytes`, also where the rest could not be written. */
  append(bytes: Uint8Array): Appended;
  /** The next `check` opens it again. */
  close(): void;
}

export type Checked =
  | {
      readonly ok: true;
      readonly device: number;
      readonly inode: number /** Where the next line will start. */;
      readonly offset: number;
    }
  | { readonly ok: false; readonly problem: FileProblem };

export interface Appended {
  readonly written: number;
  readonly problem: FileProblem | undefined;
}

/** `replaced`: another file (or none) is at the path. `truncated`: shorter than it was. `torn`: its last line has no end. */
export type AppendEvent = "replaced" | "truncated" | "torn";

interface Open {
  readonly fd: number;
  readonly device: number;
  readonly inode: number;
  /** As far as we know; others append too. */
  size: number;
  /** The last line has no end. */
  torn: boolean;
}

const lineFeed = 0x0a;

export function createAppendFile(path: string, onEvent: (event: AppendEvent) => void = () => {}): AppendFile {
  let file: Open | undefined;

  function close(): void {
    if (file !== undefined) closeSync(file.fd);
    file = undefined;
  }

  function open(): FileProblem | undefined {
    const opened = openToAppend(path);
    if (!opened.ok) return opened.problem;
    const { fd, stats } = opened;
    file = { fd, device: stats.dev, inode: stats.ino, size: 0, torn: false };
    noticeSize(file, stats.size);
    return undefined;
  }

  /** Someone else has written, or this is the first look: is the last line whole? */
  function noticeSize(open: Open, size: number): void {
    const torn = size > 0 && lastByte(open.fd, size) !== lineFeed;
    if (torn && !open.torn) onEvent("torn");
    open.size = size;
    open.torn = torn;
  }

  function look(open: Open): void {
    const stats = fstatSync(open.fd);
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined || there.ino !== stats.ino || there.dev !== stats.dev) {
      close();
      onEvent("replaced");
    } else if (stats.size !== open.size) {
      if (stats.size < open.size) onEvent("truncated");
      noticeSize(open, stats.size);
    }
  }

  return {
    check() {
      try {
        if (file !== undefined) look(file);
        const problem = file === undefined ? open() : undefined;
        if (problem !== undefined) return { ok: false, problem };
        const { device, inode, size, torn } = file!;
        return { ok: true, device, inode, offset: torn ? size + 1 : size };
      } catch (error) {
        close();
        return { ok: false, problem: systemProblem(error, path) };
      }
    },
    append(bytes) {
      if (file === undefined) return { written: 0, problem: fileProblem("EBADF", path) };
      const prefix = file.torn ? 1 : 0;
      const whole = prefix === 0 ? bytes : Buffer.concat([Buffer.from([lineFeed]), bytes]);
      let count: number;
      try {
        count = writeSync(file.fd, whole);
      } catch (error) {
        return { written: 0, problem: systemProblem(error, path) };
      }
      file.size += count;
      if (count > 0) file.torn = whole[count - 1] !== lineFeed;
      if (file.torn) onEvent("torn");
      return {
        written: Math.max(0, count - prefix),
        problem: count === whole.length ? undefined : fileProblem("SHORT_WRITE", path),
      };
    },
    close,
  };
}

function lastByte(fd: number, size: number): number | undefined {
  const byte = new Uint8Array(1);
  return readSync(fd, byte, 0, 1, size - 1) === 1 ? byte[0] : undefined;
}
