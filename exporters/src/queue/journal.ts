// The queue's file as the exporter sees it: it learns every line that others append, and learns all of it anew where they have
// replaced, truncated or edited it. After each write it looks whether the file was still the one at its path.

import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { type AppendEvent, type Checked, createAppendFile } from "../files/append-file.ts";
import { bytesOf, type Chunk, chunksOf, wholeLines } from "../files/chunks.ts";
import type { FileProblem } from "../files/problem.ts";
import type { Learnt } from "./learn.ts";
import { listSegments } from "./work/segments.ts";

export interface Journal {
  readonly path: string;
  /** Learns what others have done. The answer says why the file cannot be used. */
  sync(): FileProblem | undefined;
  /** Appends lines, each ended by LF. Preceded by `sync`. */
  append(lines: readonly string[]): Appended;
  /** Of the file; 0 before the first `sync`. */
  readonly size: number;
  close(): void;
}

export interface Appended {
  /** How many of the first lines are in the file. */
  readonly written: number;
  readonly problem: FileProblem | undefined;
  /** Present where others have changed the file at the same moment: of the `written` some may be lost. */
  readonly upheaval?: Upheaval;
}

export interface Upheaval {
  /** The keys of the events that are there now. */
  readonly there: ReadonlySet<number>;
  /** What was written is not in the file that is at the path now; at best in one that was sealed. */
  readonly isMoved: boolean;
}

export interface JournalOptions {
  readonly onEvent: (event: AppendEvent) => void;
  readonly learn: (line: string) => Learnt;
  /** What was learnt is void. */
  readonly forget: () => void;
}

type At = Extract<Checked, { ok: true }>;

interface Known {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly modifiedMs: number;
  /** Behind the last LF: every line before it is known. */
  readonly end: number;
  /** The last bytes before `end`. */
  readonly before: Buffer;
}

/**
 * The newest so much of the files is learnt: what a queue holds before it is pruned, and more than a client can have under way.
 * Some 100 ms.
 */
const maxLearntBytes = 32 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
const anchorBytes = 64;
const lineFeed = 0x0a;

export function createJournal(path: string, { onEvent, learn, forget }: JournalOptions): Journal {
  let known: Known | undefined;
  const file = createAppendFile(path, (event) => {
    if (event !== "replaced" || !wasSealed()) onEvent(event);
  });

  /** The file has another name now: the queue was pruned. */
  function wasSealed(): boolean {
    return listSegments(path)
      .slice(0, -1)
      .some((segment) => statSync(segment.path, { throwIfNoEntry: false })?.ino === known?.inode);
  }

  /** The keys of all events that are there, where all of it was learnt anew. */
  function catchUp(at: At): ReadonlySet<number> | undefined {
    if (known === undefined || known.inode !== at.inode || known.device !== at.device) return learnAnew(at);
    if (at.size === known.size && at.modifiedMs === known.modifiedMs) return undefined;
    return at.size >= known.size && at.size > known.end && learnMore(at, known) ? undefined : learnAnew(at);
  }

  /** False where what was known has changed. */
  function learnMore(at: At, { end, before }: Known): boolean {
    const bytes = readRange(path, at, end - before.length, at.size);
    if (bytes === undefined || !bytes.subarray(0, before.length).equals(before)) return false;
    const whole = bytes.subarray(0, bytes.lastIndexOf(lineFeed) + 1);
    if (whole.length > before.length) {
      const lines = whole.toString("latin1", before.length).split("\n");
      for (const line of lines) if (learn(line).kind === "anew") return false;
    }
    known = { ...at, end: end - before.length + whole.length, before: lastOf(whole) };
    return true;
  }

  function learnAnew(at: At): ReadonlySet<number> {
    forget();
    const there = new Set<number>();
    let room = maxLearntBytes;
    const ranges: Range[] = [];
    for (const { path: file, kind, start } of listSegments(path).toReversed()) {
      const size = kind === "active" ? at.size : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
      const from = Math.min(size, Math.max(start, size - room));
      room -= size - from;
      ranges.unshift({ path: file, from, to: size });
    }
    let end = 0;
    for (const range of ranges) {
      end = readWholeLines(range, (line) => {
        const learnt = learn(line);
        if (learnt.kind === "event") there.add(learnt.key);
      });
    }
    const before = readRange(path, at, Math.max(0, end - anchorBytes), end) ?? Buffer.alloc(0);
    known = { ...at, end, before: Buffer.from(before) };
    return there;
  }

  function write(lines: readonly string[], chunk: Chunk): Appended {
    const bytes = bytesOf(lines, chunk);
    const expected = known !== undefined && known.end === known.size ? known.size + bytes.length : Number.NaN;
    const appended = file.append(bytes);
    const written = wholeLines(chunk.lengths, appended.written);
    if (appended.problem !== undefined) return { written, problem: appended.problem };
    const at = file.check();
    if (!at.ok) return { written, problem: undefined, upheaval: { there: new Set(), isMoved: true } };
    const isMoved = at.inode !== known?.inode || at.device !== known.device;
    if (!isMoved && at.size === expected) {
      known = { ...at, end: at.size, before: Buffer.from(bytes.subarray(-anchorBytes)) };
      for (const line of lines.slice(chunk.start, chunk.end)) if (line.startsWith('{"op"')) learn(line);
      return { written, problem: undefined };
    }
    const there = catchUp(at);
    return there === undefined
      ? { written, problem: undefined }
      : { written, problem: undefined, upheaval: { there, isMoved } };
  }

  return {
    path,
    sync() {
      const at = file.check();
      if (!at.ok) return at.problem;
      catchUp(at);
      return undefined;
    },
    append(lines) {
      let total = 0;
      for (const chunk of chunksOf(lines)) {
        const appended = write(lines, chunk);
        total += appended.written;
        if (appended.problem !== undefined || appended.upheaval !== undefined) return { ...appended, written: total };
      }
      return { written: total, problem: undefined };
    },
    get size() {
      return known?.size ?? 0;
    },
    close() {
      file.close();
    },
  };
}

function lastOf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(-anchorBytes));
}

interface Range {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** Returns the offset behind the last LF; `from` where there is none. */
function readWholeLines({ path, from, to }: Range, onLine: (line: string) => void): number {
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
function readRange(path: string, expected: At | undefined, from: number, to: number): Buffer | undefined {
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
