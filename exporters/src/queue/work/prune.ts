// Keeps the queue small: seals its file, carries over what still matters into a new one, deletes what is old.
//
// Those who append (the collector, other programs) are never held up, so every step must be safe whatever they write
// meanwhile. A file that is renamed takes the lines of those who have it open, and its end is read as long as it is there. A
// reader takes the file before for history only when it is renamed once more, after what matters of it stands in the new one.
// Who appends looks afterwards whether the world has changed, and writes again what would be lost (../queue.ts).

import { lstatSync, renameSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { type AppendFile, createAppendFile } from "../../files/append-file.ts";
import { chunksOf } from "../../files/chunks.ts";
import { jsonLine } from "../../text/json.ts";
import type { CarriedEvent, EventState, Fold } from "./fold.ts";
import { deleteHistory } from "./history.ts";
import { withQueueLock } from "./mutex.ts";
import { patchLine } from "./patch.ts";
import { nothingRead, type ReadSoFar, readOn } from "./read-on.ts";
import { historyPath, listSegments, type Segment, sealedPath } from "./segments.ts";
import { atLeast } from "./severity.ts";
import { isOpen } from "./status.ts";

export interface PruneOptions {
  /** Resolved and dismissed events stay for so long after they were last seen or changed, to be known when they come again. */
  readonly keepClosedMs: number;
  /** History is deleted when nobody has written to it for so long. */
  readonly graceMs: number;
  /** So many files of history stay beyond that. */
  readonly keepHistory: number;
  /** Open events beyond this, the least severe and longest unseen, are dropped. */
  readonly maxOpenBytes: number;
  /** How long to wait for others who change the queue. */
  readonly lockTimeoutMs: number;
  readonly now?: () => number;
}

export type Pruned =
  | {
      readonly kind: "pruned";
      /** Events that are in the new file. */
      readonly kept: number;
      /** Events that are history now: done, or of no severity that asks for work. */
      readonly removed: number;
      /** Open ones for which there was no room: loss. */
      readonly dropped: number;
      readonly historyFiles: number;
      readonly deletedFiles: number;
    }
  | { readonly kind: "failed"; readonly cause: "busy" | "unwritable"; readonly message: string };

export const defaultGraceMs = 60_000;
export const defaultKeepClosedMs: number = 24 * 3_600_000;

/** Throws where a file of the queue cannot be read. */
export async function pruneQueue(path: string, options: PruneOptions): Promise<Pruned> {
  const file = createAppendFile(path);
  try {
    const locked = await withQueueLock(path, { timeoutMs: options.lockTimeoutMs }, () => prune(path, file, options));
    return locked.ok ? locked.value : { kind: "failed", cause: "busy", message: "another process changes the queue" };
  } catch (error) {
    if (error instanceof Unwritable) return { kind: "failed", cause: "unwritable", message: error.message };
    throw error;
  } finally {
    file.close();
  }
}

class Unwritable extends Error {}

async function prune(path: string, file: AppendFile, options: PruneOptions): Promise<Pruned> {
  const now = (options.now ?? Date.now)();
  // What is no file of ours is not renamed either.
  const found = lstatSync(path, { throwIfNoEntry: false }) && file.check();
  if (found?.ok === false) throw new Unwritable(found.problem.message);
  const before = listSegments(path);
  const early = await readOn(nothingRead(), before);
  // A process that was killed here last time has left the last step to us.
  const unverified = before.filter(({ kind, number }) => kind === "history" && number > early.fold.sealed);
  for (const segment of unverified) {
    const whole = await readOn(nothingRead(), [{ ...segment, start: 0 }]);
    await carryTouched(path, file, whole.fold, nothingRead());
  }

  seal(path, before.at(-1)!);
  const older = listSegments(path).slice(0, -1);
  const sealed = older.filter(({ kind }) => kind === "sealed");
  const read = await readOn(early, older);
  const active = await readOn(nothingRead(), activeOf(path));
  const { keep, removed, dropped } = choose(active.fold, read.fold, options, now);
  await append(file, keep.map(carriedLine));
  // With what they say now carried over, the late lines of history are history as well.
  for (const { path: from, number, start } of older) {
    const to = historyPath(path, number, read.ends.get(number)?.end ?? start);
    if (to !== from) renameSync(from, to);
  }
  const last = sealed.at(-1);
  if (last !== undefined) {
    await append(file, [patchLine({ op: "sealed", segment: last.number, at: new Date(now).toISOString() })]);
    await carryTouched(path, file, read.fold, active);
  }
  const deletedFiles = await deleteHistory(path, options, now, (lines) => append(file, lines));
  const historyFiles = listSegments(path).length - 1;
  return { kind: "pruned", kept: keep.length, removed, dropped, historyFiles, deletedFiles };
}

function seal(path: string, { number }: Segment): void {
  try {
    renameSync(path, sealedPath(path, number));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function activeOf(path: string): readonly Segment[] {
  return listSegments(path).slice(-1);
}

interface Chosen {
  readonly keep: readonly EventState[];
  readonly removed: number;
  readonly dropped: number;
}

/** Which events of the older files go into the active one. It may have some already, and patches for others. */
function choose(active: Fold, older: Fold, options: PruneOptions, now: number): Chosen {
  const touched = new Set(active.orphans());
  const keepFrom = new Date(now - options.keepClosedMs).toISOString();
  const wanted: EventState[] = [];
  let removed = 0;
  for (const state of older.states()) {
    if (active.get(state.event.id) !== undefined) continue;
    const goesOn = isOpen(state.status) || lastActive(state) >= keepFrom || touched.has(state.event.id);
    if (isWork(state) && goesOn) wanted.push(state);
    else removed++;
  }
  const keep = fitting(wanted, options.maxOpenBytes);
  return { keep, removed, dropped: wanted.length - keep.length };
}

function isWork({ event }: EventState): boolean {
  return atLeast(event.severity, "warning");
}

function lastActive({ lastSeen, at = "" }: EventState): string {
  return at > lastSeen ? at : lastSeen;
}

/** In their order; where there is no room for all, open ones before closed ones, severe ones before others, then the last seen. */
function fitting(states: readonly EventState[], maxBytes: number): readonly EventState[] {
  const size = (state: EventState) => Buffer.byteLength(carriedLine(state));
  if (states.reduce((sum, state) => sum + size(state), 0) <= maxBytes) return states;
  const rank = (state: EventState) =>
    `${isOpen(state.status) ? 1 : 0}${atLeast(state.event.severity, "error") ? 1 : 0}${state.lastSeen}`;
  const byRank = [...states].sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
  const kept = new Set<EventState>();
  let bytes = 0;
  for (const state of byRank) {
    bytes += size(state);
    if (bytes > maxBytes) break;
    kept.add(state);
  }
  return states.filter((state) => kept.has(state));
}

/** Someone has appended a patch to the new file for an event that was not carried over: it goes on, so it comes along. */
async function carryTouched(path: string, file: AppendFile, older: Fold, active: ReadSoFar): Promise<void> {
  const { fold } = await readOn(active, activeOf(path));
  const touched = [...fold.orphans()].flatMap((id) => older.get(id) ?? []);
  await append(file, touched.map(carriedLine));
}

function carriedLine({ newPlace: _newPlace, event, ...state }: EventState): string {
  return jsonLine({ ...event, ...state, carried: true } satisfies CarriedEvent);
}

async function append(file: AppendFile, lines: readonly string[]): Promise<void> {
  for (const chunk of chunksOf(lines)) {
    const at = file.check();
    const problem = at.ok ? file.append(chunk.bytes).problem : at.problem;
    if (problem !== undefined) throw new Unwritable(problem.message);
    await turn();
  }
}
