// What the queue says now: its lines folded, in their order, into one state for each event.

import type { TriggerEvent } from "../event.ts";
import type { LeavesOut } from "../line-splitter.ts";
import { createLeftOut } from "./left-out.ts";
import { asPatch, type Patch, type SeenPatch, type StatusPatch } from "./patch.ts";
import { isOpen } from "./status.ts";

/** Where a line ends: which file of the queue, in their order, and how far into it. */
export interface Place {
  readonly segment: number;
  /** Bytes; behind the line's LF. */
  readonly end: number;
}

/** An event as it is now. Times are ISO 8601, UTC. */
export interface EventState {
  readonly event: TriggerEvent;
  readonly status: string;
  /** How often the status has changed. */
  readonly rev: number;
  /** How often it has happened. */
  readonly count: number;
  readonly lastSeen: string;
  /** Who changed the status last, when, and until when a claim holds. */
  readonly by?: string | undefined;
  readonly at?: string | undefined;
  readonly until?: string | undefined;
  readonly note?: string | undefined;
  /** When it became news: seen first, or again after it was resolved. */
  readonly newAt: string;
  /** Where that is written; undefined where it was carried over from an older file. */
  readonly newPlace: Place | undefined;
  /** Of the last patches that said it was seen: one of them may be in two files, because its writer saw the first one go. */
  readonly seenKeys: readonly string[];
}

/** The line that an event is carried over with into a new file: all that is known of it. */
export interface CarriedEvent extends TriggerEvent {
  readonly carried: true;
  readonly rev: number;
  readonly count: number;
  readonly lastSeen: string;
  readonly newAt: string;
  readonly seenKeys: readonly string[];
  readonly by?: string | undefined;
  readonly at?: string | undefined;
  readonly until?: string | undefined;
  readonly note?: string | undefined;
}

export interface Fold {
  /** A whole line without its LF; undefined for one that is too long to be read. */
  add(line: string | undefined, place: Place): void;
  /** For a reader: lines that need not be decoded. undefined where all of them have to be. */
  readonly leavesOut: LeavesOut | undefined;
  get(id: string): EventState | undefined;
  /** In the order in which they came. */
  states(): IterableIterator<EventState>;
  /** Ids that patches name and no line has. */
  orphans(): IterableIterator<string>;
  /** Lines that are neither events nor patches: torn, foreign, no JSON. */
  readonly skipped: number;
  /** The highest segment that a `sealed` line names; 0 without one. */
  readonly sealed: number;
}

export interface FoldOptions {
  /** Leave out what nobody has to work on: the collector's events below `warning`. */
  readonly withoutInfo?: boolean | undefined;
  /** Told of each event that is new, or may have changed. */
  readonly onChange?: ((state: EventState) => void) | undefined;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type State = Mutable<EventState>;

/** Patches that came before their event: a moment's worth, while a file is carried over. */
const maxOrphans = 100_000;
/** A collector writes one patch for an event at a time; a few collectors may share a queue. */
const keptSeenKeys = 4;
export function createFold({ withoutInfo = false, onChange }: FoldOptions = {}): Fold {
  const states = new Map<string, State>();
  const orphans = new Map<string, (StatusPatch | SeenPatch)[]>();
  const leftOut = withoutInfo ? createLeftOut() : undefined;
  const seenKeys = new Set<string>();
  let orphanCount = 0;
  let skipped = 0;
  let sealed = 0;

  function addEvent(event: TriggerEvent, place: Place): void {
    const state = states.get(event.id);
    if (state !== undefined) {
      if (isCarried(event)) mergeCarried(state, event);
      else mergeCopy(state, event, place);
      onChange?.(state);
      return;
    }
    const fresh = isCarried(event) ? stateOfCarried(event) : stateOf(event, place);
    states.set(event.id, fresh);
    onChange?.(fresh);
    const early = orphans.get(event.id);
    if (early === undefined) return;
    orphans.delete(event.id);
    orphanCount -= early.length;
    for (const patch of early) apply(fresh, patch, place);
  }

  function addPatch(patch: Patch, place: Place): void {
    if (patch.op === "sealed") {
      sealed = Math.max(sealed, patch.segment);
      return;
    }
    if (patch.op === "seen") {
      if (seenKeys.has(patch.key)) return;
      seenKeys.add(patch.key);
    }
    const state = states.get(patch.id);
    if (state !== undefined) {
      apply(state, patch, place);
      onChange?.(state);
    } else if (leftOut?.has(patch.id) !== true && orphanCount < maxOrphans) {
      const early = orphans.get(patch.id);
      if (early === undefined) orphans.set(patch.id, [patch]);
      else early.push(patch);
      orphanCount++;
    }
  }

  return {
    leavesOut: leftOut?.takes,
    add(line, place) {
      // Editors leave a byte order mark and CRLF behind.
      const text = line?.replace(/^\ufeff/, "").trim();
      if (text === "") return;
      if (text !== undefined && leftOut !== undefined && takesText(leftOut.takes, text)) return;
      const value = parseObject(text);
      const patch = value && asPatch(value);
      if (patch !== undefined) addPatch(patch, place);
      else if (value !== undefined && isEvent(value)) addEvent(value, place);
      else skipped++;
    },
    get: (id) => states.get(id),
    states: () => states.values(),
    orphans: () => orphans.keys(),
    get skipped() {
      return skipped;
    },
    get sealed() {
      return sealed;
    },
  };
}

function takesText(takes: LeavesOut, text: string): boolean {
  const bytes = Buffer.from(text);
  return takes(bytes, 0, bytes.length);
}

/** Whether a patch counts for an event in this state. */
export function applies({ from, rev }: StatusPatch, state: { readonly status: string; readonly rev: number }): boolean {
  return (rev === undefined || rev === state.rev + 1) && (from === undefined || from === state.status);
}

function apply(state: State, patch: StatusPatch | SeenPatch, place: Place): void {
  if (patch.op === "seen") {
    if (state.seenKeys.includes(patch.key)) return;
    state.seenKeys = [...state.seenKeys.slice(1 - keptSeenKeys), patch.key];
    state.count += patch.count;
    if (patch.lastSeen > state.lastSeen) state.lastSeen = patch.lastSeen;
    return;
  }
  if (!applies(patch, state)) return;
  state.status = patch.status;
  state.rev++;
  state.by = patch.by;
  state.at = patch.at;
  state.until = patch.until;
  state.note = patch.note;
  if (patch.reason === "seen_again") {
    state.newAt = patch.at ?? state.lastSeen;
    state.newPlace = place;
  }
}

function stateOf(event: TriggerEvent, place: Place): State {
  const firstSeen = typeof event.firstSeen === "string" ? event.firstSeen : event.timestamp;
  const status = typeof event.status === "string" ? event.status : "pending";
  return { event, status, rev: 0, count: 1, lastSeen: firstSeen, newAt: firstSeen, newPlace: place, seenKeys: [] };
}

function stateOfCarried(event: CarriedEvent): State {
  const { rev, count, lastSeen, by, at, until, note, newAt, seenKeys, status } = event;
  return { event, status, rev, count, lastSeen, by, at, until, note, newAt, seenKeys, newPlace: undefined };
}

/** The older file is still read: its carrying over was not finished. */
function mergeCarried(state: State, event: CarriedEvent): void {
  state.count = Math.max(state.count, event.count);
  if (event.lastSeen > state.lastSeen) state.lastSeen = event.lastSeen;
  if (event.rev <= state.rev) return;
  const { status, rev, by, at, until, note } = event;
  Object.assign(state, { status, rev, by, at, until, note });
}

/** The same event once more: written again because its file had gone, or by hand with another status. */
function mergeCopy(state: State, { status }: TriggerEvent, place: Place): void {
  if (state.newPlace !== undefined && place.segment > state.newPlace.segment) state.newPlace = place;
  if (typeof status !== "string" || status === "pending" || status === state.status) return;
  state.status = status;
  state.rev++;
  state.by = state.at = state.until = state.note = undefined;
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What every reader relies on; a program that writes TriggerEvents of its own has these too. */
export function isEvent(value: object): value is TriggerEvent {
  const { id, timestamp, source, severity, rawContent } = value as Record<string, unknown>;
  return [id, timestamp, source, severity, rawContent].every((field) => typeof field === "string");
}

function isCarried(event: TriggerEvent): event is CarriedEvent {
  const { carried, rev, count, lastSeen, newAt, seenKeys } = event as Partial<CarriedEvent>;
  return (
    carried === true &&
    Number.isSafeInteger(rev) &&
    Number.isSafeInteger(count) &&
    typeof lastSeen === "string" &&
    typeof newAt === "string" &&
    Array.isArray(seenKeys)
  );
}

/** Whether a claim held once and does not any more. */
export function hasLapsed({ status, until }: EventState, nowMs: number): boolean {
  // A time that cannot be read is one that somebody wrote by hand: it holds until they change it.
  return status === "processing" && until !== undefined && Date.parse(until) <= nowMs;
}

export function isOpenState(state: EventState): boolean {
  return isOpen(state.status);
}
