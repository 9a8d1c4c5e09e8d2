// The stored lines of several streams as one: what is there, and then what comes.

import { type StateDirectory, streamsDirectory } from "../place.ts";
import type { StoredStream } from "../stored.ts";
import type { StoredLine } from "../stored-record.ts";
import { createChanges } from "./changes.ts";
import { mergeByTime } from "./merge.ts";
import { createSpoolReader, type SpoolReader } from "./spool-reader.ts";
import { startOfLast } from "./start.ts";
import type { Wanted } from "./wanted.ts";

export interface TailedLine {
  readonly stream: string;
  readonly timeMs: number;
  /** As it stands in the spool. */
  readonly text: string;
  readonly line: StoredLine;
}

export interface TailOptions extends StateDirectory {
  /** Asked again while what comes is waited for: streams may begin later. */
  readonly streams: () => readonly StoredStream[];
  readonly wanted: Wanted;
  /** Only the last so many records of all, with who came and went since; undefined: everything. */
  readonly last: number | undefined;
}

export interface Tail {
  /** The wanted lines that are there and were not given yet, in the order of time. */
  read(): Generator<TailedLine>;
  /** Resolves when something may have come since the last `read` began, or `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>;
  /** Files of which nothing was read, because they came and went between two looks. */
  readonly missedFiles: number;
  close(): void;
}

export function createTail({ stateDir, streams, wanted, last }: TailOptions): Tail {
  const readers = new Map<string, SpoolReader>();
  const changes = createChanges(streamsDirectory({ stateDir }));
  let first = true;

  /** A stream that comes later is read from its beginning. */
  function open(): void {
    for (const stored of streams()) {
      if (readers.has(stored.stream)) continue;
      const start =
        first && last !== undefined ? startOfLast(last, stored, (line) => wanted(line)?.kind === "record") : undefined;
      readers.set(stored.stream, createSpoolReader(stored, start));
    }
  }

  function* linesOf(stream: string, reader: SpoolReader): Generator<TailedLine> {
    for (const text of reader.lines()) {
      const line = wanted(text);
      if (line !== undefined) yield { stream, timeMs: line.timeMs, text, line };
    }
  }

  return {
    *read() {
      changes.begin();
      open();
      const merged = mergeByTime([...readers].map(([stream, reader]) => linesOf(stream, reader)));
      if (!first || last === undefined) yield* merged;
      // Each stream begins with its last so many, so this is small.
      else yield* lastRecords([...merged], last);
      first = false;
    },
    changed: changes.next,
    get missedFiles() {
      return [...readers.values()].reduce((sum, reader) => sum + reader.missedFiles, 0);
    },
    close() {
      changes.close();
      for (const reader of readers.values()) reader.close();
      readers.clear();
    },
  };
}

function lastRecords(lines: readonly TailedLine[], count: number): readonly TailedLine[] {
  let left = count;
  let from = lines.length;
  while (left > 0 && from > 0) if (lines[--from]!.line.kind === "record") left--;
  return lines.slice(from);
}
