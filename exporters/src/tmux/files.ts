// The spools that are on disk, whoever wrote them: listed for people, pruned when there are too many.

import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { placeOf, type StateDirectory, streamsDirectory } from "./place.ts";

export interface StoredStream {
  readonly stream: string;
  readonly spoolPath: string;
  readonly sizeBytes: number;
  /** Unix milliseconds of the last line. */
  readonly modifiedAt: number;
}

/** Every stream that has a spool, the one written last first. Empty where there is no directory yet. */
export function listStoredStreams(state: StateDirectory): readonly StoredStream[] {
  const directory = streamsDirectory(state);
  return stems(directory)
    .flatMap((stem) => {
      const stream = readName(`${join(directory, stem)}.stream`);
      // The files of a stream are named after it; a name that leads elsewhere is not theirs.
      if (stream === undefined || placeOf(stream, state).spoolPath !== `${join(directory, stem)}.log`) return [];
      const { spoolPath } = placeOf(stream, state);
      const stats = statSync(spoolPath, { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ stream, spoolPath, sizeBytes: stats.size, modifiedAt: stats.mtimeMs }];
    })
    .sort((a, b) => b.modifiedAt - a.modifiedAt);
}

/** Deletes the files of the streams that were written longest ago, down to `keep` streams. Returns how many went. */
export function pruneStoredStreams(state: StateDirectory, keep: number): number {
  const directory = streamsDirectory(state);
  const byAge = stems(directory)
    .map((stem) => ({
      stem,
      modifiedAt: statSync(`${join(directory, stem)}.log`, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.modifiedAt - a.modifiedAt);
  const old = byAge.slice(keep);
  for (const { stem } of old) {
    for (const ending of endings) rmSync(join(directory, stem + ending), { force: true });
  }
  return old.length;
}

/** The spool last: as long as it is there, the next pruning finds the others too. */
const endings = [".stream", ".ledger", ".ledger.1", ".log.1", ".log"];
const spoolName = /^([a-z0-9_-]+-[0-9a-f]{12})\.log$/;

function stems(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names.flatMap((name) => spoolName.exec(name)?.[1] ?? []);
}

function readName(path: string): string | undefined {
  try {
    const name: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
