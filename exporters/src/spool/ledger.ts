// Which records a spool holds, so that one that a client sends again after a crash is not written again.
//
// Before records are appended to the spool, one line here says which and where they will stand. Whether they got there
// is read off the spool's size: a crash can only leave the last line in doubt. What did not get there is said by the next
// line, before anything else is appended. Two files of bounded size: the current one and the one before.
//
//   i <inode> <offset> <key>:<length in base 36>,…,!     these will be appended there
//   v <count>!                                           of the line above only so many were

import { readFileSync, renameSync, type Stats, statSync } from "node:fs";
import { createAppendFile } from "../files/append-file.ts";
import { wholeLines } from "../files/chunks.ts";
import { type FileProblem, systemProblem } from "../files/problem.ts";
import { createRecentKeys, type RecentKeys } from "../record/recent-keys.ts";
import { olderEnding, type StreamPlace } from "./place.ts";

export interface Ledger {
  has(key: string): boolean;
  /** The last line did not come true: the next append to the spool needs an `intend`, whatever it holds. */
  readonly inDoubt: boolean;
  /** Says that records with these keys ("" for one without) and lengths in bytes are about to be appended at `offset`. */
  intend(inode: number, offset: number, keys: readonly string[], lengths: readonly number[]): FileProblem | undefined;
  /** Says that the first `count` of them were. */
  settle(count: number): void;
  close(): void;
}

/**
 * What was written and not yet acknowledged may come again: what a client has under way, some thousand records, for each of
 * several clients on one stream.
 */
const rememberedKeys = 8_192;
/** About 12,000 records; two such files are read in some 5 ms. */
const maxLedgerBytes = 256 * 1024;

interface Intent {
  readonly inode: number;
  readonly offset: number;
  readonly keys: readonly string[];
  readonly lengths: readonly number[];
}

export function openLedger(place: StreamPlace): Ledger {
  const recent = createRecentKeys(rememberedKeys);
  const file = createAppendFile(place.ledgerPath);
  let pending: Intent | undefined;
  /** How many of the last line's records are there, where that is not all of them. */
  let fellShort = read(place, recent);

  return {
    has: recent.has,
    get inDoubt() {
      return fellShort !== undefined;
    },
    intend(inode, offset, keys, lengths) {
      const at = file.check();
      if (!at.ok) return at.problem;
      if (at.offset > maxLedgerBytes) {
        const problem = rotate();
        if (problem !== undefined) return problem;
      }
      const correction = fellShort === undefined ? "" : `v ${fellShort}!\n`;
      const { problem } = file.append(Buffer.from(`${correction}${lineOf({ inode, offset, keys, lengths })}`));
      if (problem !== undefined) return problem;
      fellShort = undefined;
      pending = { inode, offset, keys, lengths };
      return undefined;
    },
    settle(count) {
      if (pending === undefined) return;
      for (const key of pending.keys.slice(0, count)) if (key !== "") recent.add(key);
      if (count < pending.keys.length) fellShort = count;
      pending = undefined;
    },
    close: file.close,
  };

  function rotate(): FileProblem | undefined {
    file.close();
    try {
      renameSync(place.ledgerPath, place.ledgerPath + olderEnding);
    } catch (error) {
      return systemProblem(error, place.ledgerPath);
    }
    const at = file.check();
    return at.ok ? undefined : at.problem;
  }
}

function lineOf({ inode, offset, keys, lengths }: Intent): string {
  let line = `i ${inode} ${offset} `;
  for (let index = 0; index < keys.length; index++) line += `${keys[index]!}:${lengths[index]!.toString(36)},`;
  // A torn line has no such end.
  return `${line}!\n`;
}

/** How many of the last line's records are in the spool, where that is not all of them. */
function read(place: StreamPlace, recent: RecentKeys): number | undefined {
  let last: Intent | undefined;
  for (const path of [place.ledgerPath + olderEnding, place.ledgerPath]) {
    for (const line of linesOf(path)) {
      const correction = /^v (\d+)!$/.exec(line);
      if (correction !== null) {
        remember(last, Number(correction[1]), recent);
        last = undefined;
        continue;
      }
      const intent = parse(line);
      if (intent === undefined) continue;
      // One line later than it, so it was neither interrupted nor voided.
      remember(last, last?.keys.length ?? 0, recent);
      last = intent;
    }
  }
  if (last === undefined) return undefined;
  const count = appended(last, place);
  remember(last, count, recent);
  return count < last.keys.length ? count : undefined;
}

function remember(intent: Intent | undefined, count: number, recent: RecentKeys): void {
  for (const key of intent?.keys.slice(0, count) ?? []) if (key !== "") recent.add(key);
}

/** How many records of an intent are whole in the spool. */
function appended({ inode, offset, lengths }: Intent, place: StreamPlace): number {
  const spool = [place.spoolPath, place.olderSpoolPath].map(statOrNothing).find((stats) => stats?.ino === inode);
  if (spool === undefined) return 0;
  return wholeLines(lengths, spool.size - offset);
}

function statOrNothing(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function parse(line: string): Intent | undefined {
  const match = /^i (\d+) (\d+) (\S+),!$/.exec(line);
  if (match === null) return undefined;
  const records = match[3]!.split(",").map((record) => record.split(":"));
  return {
    inode: Number(match[1]),
    offset: Number(match[2]),
    keys: records.map(([key]) => key ?? ""),
    lengths: records.map(([, length]) => Number.parseInt(length ?? "", 36) || 0),
  };
}

/** A ledger that cannot be read is one that remembers nothing. */
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "latin1").split("\n");
  } catch {
    return [];
  }
}
