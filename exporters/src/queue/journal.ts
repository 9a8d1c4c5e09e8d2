// The queue's file as the exporter sees it: it learns every line that others append, and learns all of it anew where they have
// replaced, truncated or edited it. After each write it looks whether the file was still the one at its path.

import { statSync } from "node:fs";
import { type AppendEvent, type Checked, createAppendFile } from "../files/append-file.ts";
import { type Chunk, chunksOf, linesWithin } from "../files/chunks.ts";
import type { FileProblem } from "../files/problem.ts";
import type { Learnt } from "./learn.ts";
import { type Range, readRange, readWholeLines } from "./read-range.ts";
import { listSegments, type Segment } from "./work/segments.ts";

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
  /** Whether the event of that key is there now. */
  hasEvent(key: number): boolean;
  /** What was written is not in the file that is at the path now; at best in one that was sealed. */
  readonly isMoved: boolean;
}

export interface JournalOptions {
  readonly onEvent: (event: AppendEvent) => void;
  readonly learn: (line: string) => Learnt;
  /** What was learnt is void. */
  readonly forget: () => void;
  /** What is learnt or written from now on is in a new file; what was learnt before is in one that is sealed. */
  readonly beginFile: () => void;
  /** What was learnt before that counts no more. */
  readonly forgetOlderFiles: () => void;
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
const anchorBytes = 64;
const lineFeed = 0x0a;
/** Begins a patch, and is nowhere else: inside a string of JSON there is a backslash before each quotation mark. */
const patchMark = '{"op"';

/** Whether an event is there, by its key. */
type Has = (key: number) => boolean;

export function createJournal(path: string, options: JournalOptions): Journal {
  const { onEvent, learn, forget, beginFile, forgetOlderFiles } = options;
  let known: Known | undefined;
  /** The file before was sealed, and not all that matters of it is known to be in this one. */
  let isBetween = false;
  const file = createAppendFile(path, (event) => {
    if (event !== "replaced" || known === undefined || sealedAs(known) === undefined) onEvent(event);
  });

  /** The other name that the file has now, where the queue was pruned. */
  function sealedAs({ device, inode }: Known): string | undefined {
    const isIt = (segment: Segment) => {
      const stats = statSync(segment.path, { throwIfNoEntry: false });
      return stats?.ino === inode && stats.dev === device;
    };
    return listSegments(path).slice(0, -1).find(isIt)?.path;
  }

  /** Which events are there, where the file is another one now, or what was known of it has changed. */
  function catchUp(at: At): Has | undefined {
    if (known === undefined) return learnAnew(at);
    if (known.inode !== at.inode || known.device !== at.device) {
      const sealed = sealedAs(known);
      return sealed === undefined ? learnAnew(at) : learnNext(at, known, sealed);
    }
    if (at.size === known.size && at.modifiedMs === known.modifiedMs) return undefined;
    return at.size >= known.size && at.size > known.end && learnMore(at, known) ? undefined : learnAnew(at);
  }

  /** The file was sealed: its end, and the new one. What was known stays so until all that matters has been carried over. */
  function learnNext(at: At, { end }: Known, sealed: string): Has {
    const size = statSync(sealed, { throwIfNoEntry: false })?.size ?? 0;
    if (size > end) readWholeLines({ path: sealed, from: end, to: size }, learn);
    beginFile();
    isBetween = true;
    const there = new Set<number>();
    const newEnd = readWholeLines({ path, from: 0, to: at.size }, (line) => {
      const learnt = learn(line);
      if (learnt.kind === "event") there.add(learnt.key);
      else if (learnt.kind === "sealed") endBetween();
    });
    knowUpTo(at, newEnd);
    return isBetween ? () => true : (key) => there.has(key);
  }

  function endBetween(): void {
    isBetween = false;
    forgetOlderFiles();
  }

  /** False where what was known has changed. */
  function learnMore(at: At, { end, before }: Known): boolean {
    const bytes = readRange(path, at, end - before.length, at.size);
    if (bytes === undefined || !bytes.subarray(0, before.length).equals(before)) return false;
    const whole = bytes.subarray(0, bytes.lastIndexOf(lineFeed) + 1);
    if (whole.length > before.length) {
      const lines = whole.toString("latin1", before.length).split("\n");
      for (const line of lines) {
        if (learn(line).kind !== "sealed") continue;
        if (!isBetween) return false;
        endBetween();
      }
    }
    known = { ...at, end: end - before.length + whole.length, before: lastOf(whole) };
    return true;
  }

  function learnAnew(at: At): Has {
    forget();
    isBetween = false;
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
    knowUpTo(at, end);
    return (key) => there.has(key);
  }

  function knowUpTo(at: At, end: number): void {
    const before = readRange(path, at, Math.max(0, end - anchorBytes), end) ?? Buffer.alloc(0);
    known = { ...at, end, before: Buffer.from(before) };
  }

  function write(lines: readonly string[], chunk: Chunk): Appended {
    const { bytes } = chunk;
    const expected = known !== undefined && known.end === known.size ? known.size + bytes.length : Number.NaN;
    const appended = file.append(bytes);
    const written = linesWithin(chunk, appended.written);
    if (appended.problem !== undefined) return { written, problem: appended.problem };
    const at = file.check();
    if (!at.ok) return { written, problem: undefined, upheaval: { hasEvent: () => false, isMoved: true } };
    const isMoved = at.inode !== known?.inode || at.device !== known.device;
    if (!isMoved && at.size === expected) {
      known = { ...at, end: at.size, before: Buffer.from(bytes.subarray(-anchorBytes)) };
      if (bytes.includes(patchMark))
        for (const line of lines.slice(chunk.start, chunk.end)) if (line.startsWith(patchMark)) learn(line);
      return { written, problem: undefined };
    }
    const hasEvent = catchUp(at);
    return hasEvent === undefined
      ? { written, problem: undefined }
      : { written, problem: undefined, upheaval: { hasEvent, isMoved } };
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
