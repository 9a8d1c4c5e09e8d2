// The files of a queue, oldest first.
//
//   queue.<n>.<bytes>.jsonl   history: its first <bytes> bytes were carried over into a younger file
//   queue.<n>.jsonl           sealed, and not carried over yet
//   queue.jsonl               the one that everybody appends to

import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

export interface Segment {
  readonly path: string;
  /** From 1 on; the active file has the highest number. */
  readonly number: number;
  readonly kind: "history" | "sealed" | "active";
  /** Where what is not carried over begins; only the late lines of a program that still had the file open are behind it. */
  readonly start: number;
}

/** The active file is the last one, whether it is there or not. */
export function listSegments(path: string): readonly Segment[] {
  const directory = dirname(path);
  const { stem, ending } = partsOf(path);
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    names = [];
  }
  const older = names
    .filter((name) => name.startsWith(`${stem}.`) && name.endsWith(ending))
    .flatMap((name) => {
      const match = /^\.(\d{1,12})(?:\.(\d{1,15}))?$/.exec(name.slice(stem.length, name.length - ending.length));
      if (match === null) return [];
      const [, number, bytes] = match;
      return [
        {
          path: join(directory, name),
          number: Number(number),
          kind: bytes === undefined ? ("sealed" as const) : ("history" as const),
          start: Number(bytes ?? 0),
        },
      ];
    })
    .sort((a, b) => a.number - b.number);
  return [...older, { path, number: (older.at(-1)?.number ?? 0) + 1, kind: "active", start: 0 }];
}

/** Where the active file goes when it is sealed. */
export function sealedPath(path: string, number: number): string {
  const { stem, ending } = partsOf(path);
  return join(dirname(path), `${stem}.${number}${ending}`);
}

/** Where a sealed file goes when its first `bytes` bytes are carried over. */
export function historyPath(path: string, number: number, bytes: number): string {
  const { stem, ending } = partsOf(path);
  return join(dirname(path), `${stem}.${number}.${bytes}${ending}`);
}

function partsOf(path: string): { stem: string; ending: string } {
  const ending = extname(path);
  return { stem: basename(path, ending), ending };
}
