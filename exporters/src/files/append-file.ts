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
      readonly inode: number;
      /** Where the next line will start. */
      readonly offset: number;
      /** In bytes; less than `offset` where the last line has no end. */
      readonly size: number;
      /** When it was changed last. Unix milliseconds, with fractions. */
      readonly modifiedMs: number;
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
  modifiedMs: number;
  /** The last line has no end. */
  torn: boolean;
  /** That has been said. */
  told: boolean;
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
    file = { fd, device: stats.dev, inode: stats.ino, size: 0, modifiedMs: stats.mtimeMs, torn: false, told: false };
    noticeSize(file, stats.size);
    return undefined;
  }

  /** Someone else has written, or this is the first look: is the last line whole? */
  function noticeSize(open: Open, size: number): void {
    open.size = size;
    open.torn = size > 0 && lastByte(open.fd, size) !== lineFeed;
    if (!open.torn) open.told = false;
  }

  function tellTorn(open: Open): void {
    if (!open.told) onEvent("torn");
    open.told = true;
  }

  function look(open: Open): void {
    const stats = fstatSync(open.fd);
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined || there.ino !== stats.ino || there.dev !== stats.dev) {
      close();
      onEvent("replaced");
      return;
    }
    open.modifiedMs = stats.mtimeMs;
    if (stats.size < open.size) onEvent("truncated");
    if (stats.size !== open.size) noticeSize(open, stats.size);
  }

  return {
    check() {
      try {
        if (file !== undefined) look(file);
        const problem = file === undefined ? open() : undefined;
        if (problem !== undefined) return { ok: false, problem };
        const { device, inode, size, modifiedMs, torn } = file!;
        return { ok: true, device, inode, offset: torn ? size + 1 : size, size, modifiedMs };
      } catch (error) {
        close();
        return { ok: false, problem: systemProblem(error, path) };
      }
    },
    append(bytes) {
      if (file === undefined) return { written: 0, problem: fileProblem("EBADF", path) };
      let prefix: number;
      let whole = bytes;
      let count: number;
      try {
        // What looked like a torn line may have been the beginning of a write that another process has ended since.
        if (file.torn) noticeSize(file, fstatSync(file.fd).size);
        if (file.torn) tellTorn(file);
        prefix = file.torn ? 1 : 0;
        if (file.torn) whole = Buffer.concat([Buffer.from([lineFeed]), bytes]);
        count = writeSync(file.fd, whole);
      } catch (error) {
        return { written: 0, problem: systemProblem(error, path) };
      }
      file.size += count;
      if (count > 0) {
        file.torn = whole[count - 1] !== lineFeed;
        file.told = false;
      }
      if (file.torn) tellTorn(file);
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
