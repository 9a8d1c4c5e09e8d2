// The streams that are on disk, whoever wrote them: listed for people, pruned when there are too many.

import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { readAbout, type StreamAbout } from "./about.ts";
import { endings, olderEnding, placeOf, type StateDirectory, streamsDirectory } from "./place.ts";

export interface StoredStream extends StreamAbout {
  readonly spoolPath: string;
  readonly olderSpoolPath: string;
  /** Of both files. */
  readonly sizeBytes: number;
  /** Unix milliseconds of the last line. */
  readonly modifiedAt: number;
}

/** Every stream that has a spool, the one written last first. Empty where there is no directory yet. */
export function listStoredStreams(state: StateDirectory): readonly StoredStream[] {
  const directory = streamsDirectory(state);
  return stems(directory)
    .flatMap((stem) => {
      const about = readAbout(join(directory, stem + endings.about));
      // The files of a stream are named after it; a name that leads elsewhere is not theirs.
      if (about === undefined) return [];
      const { spoolPath, olderSpoolPath } = placeOf(about.stream, state);
      if (spoolPath !== join(directory, stem + endings.spool)) return [];
      const stats = statSync(spoolPath, { throwIfNoEntry: false });
      if (stats === undefined) return [];
      const older = statSync(olderSpoolPath, { throwIfNoEntry: false })?.size ?? 0;
      return [{ ...about, spoolPath, olderSpoolPath, sizeBytes: stats.size + older, modifiedAt: stats.mtimeMs }];
    })
    .sort((a, b) => b.modifiedAt - a.modifiedAt);
}

/** Deletes the files of the streams that were written longest ago, down to `keep` streams. Returns how many went. */
export function pruneStoredStreams(state: StateDirectory, keep: number): number {
  const directory = streamsDirectory(state);
  const byAge = stems(directory)
    .map((stem) => ({
      stem,
      modifiedAt: statSync(join(directory, stem + endings.spool), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.modifiedAt - a.modifiedAt);
  const old = byAge.slice(keep);
  for (const { stem } of old) {
    for (const ending of Object.values(endings))
      for (const path of [stem + ending + olderEnding, stem + ending]) rmSync(join(directory, path), { force: true });
  }
  return old.length;
}

const spoolName = /^([a-z0-9_-]+-[0-9a-f]{12})\.jsonl$/;

function stems(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names.flatMap((name) => spoolName.exec(name)?.[1] ?? []);
}
