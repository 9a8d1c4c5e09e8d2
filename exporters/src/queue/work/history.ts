// Deletes the old files of a queue, without losing the lines of a program that still had one open.

import { statSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { openFile, readLines } from "../lines.ts";
import { listSegments } from "./segments.ts";

export interface HistoryOptions {
  readonly graceMs: number;
  readonly keepHistory: number;
}

/** The oldest first. `rescue` appends lines to the active file. Returns how many files went. */
export async function deleteHistory(
  path: string,
  { graceMs, keepHistory }: HistoryOptions,
  now: number,
  rescue: (lines: readonly string[]) => Promise<void>,
): Promise<number> {
  const history = listSegments(path).filter(({ kind }) => kind === "history");
  const old = history.slice(0, Math.max(0, history.length - keepHistory));
  let deleted = 0;
  for (const { path: file, start } of old) {
    const quietSince = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (Math.max(0, now - quietSince) < graceMs) break;
    await deleteOne(file, start, rescue);
    deleted++;
  }
  return deleted;
}

async function deleteOne(path: string, start: number, rescue: (lines: readonly string[]) => Promise<void>) {
  const file = await openFile(path);
  if (file === undefined) return;
  try {
    let end = start;
    const rescueLate = async () => {
      const late: string[] = [];
      end = await readLines(file.handle, end, ({ text }) => late.push(`${text ?? ""}\n`));
      if (late.length > 0) await rescue(late);
    };
    await rescueLate();
    await unlink(path);
    // What came between the two; who writes after that sees that the file has no name any more.
    await rescueLate();
  } finally {
    await file.handle.close();
  }
}
