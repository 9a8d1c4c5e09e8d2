// What the queue has: which events lately, so that a record that comes again is not written again; and which contents, so that the
// same again is counted for the event that has it.

import { createRecentTable, type RecentTable } from "./recent-table.ts";
import { statuses } from "./work/status.ts";

/** Events and contents go by keys, made once for each record: `keyOfId` and `keyOfHash`. */
export interface Memory {
  hasEvent(key: number): boolean;
  addEvent(key: number): void;
  forgetEvent(key: number): void;
  /** What an event says, where it is the one that has that content; undefined where it is not known. */
  contentKeyOf(id: string): number | undefined;
  /** undefined where the queue does not have it. `isWork`, where that is known, saves half of the search. */
  content(key: number, isWork?: boolean): KnownContent | undefined;
  setContent(key: number, content: KnownContent): void;
  forgetContent(key: number): void;
  forgetContents(): void;
  /** What is set from now on is in a new file. */
  beginFile(): void;
  /** What was not set since is not in the queue any more. */
  forgetOlderFiles(): void;
}

export interface KnownContent {
  /** The event that has it: a UUID. */
  readonly id: string;
  /** Unix milliseconds, by the collector's clock. */
  readonly firstSeen: number;
  /** Of the event; "" for one that another program made up. */
  readonly status: string;
  /** How often that has changed. */
  readonly rev: number;
  /** It asks for work. Console chatter must not push it out of memory. */
  readonly isWork: boolean;
}

/** Several clients' buffers of 5,000 records; 3 MB. */
const rememberedEvents = 32_768;
/** Each, of those that ask for work and those that do not; 9 MB in all. */
const rememberedContents = 16_384;
const contentColumns = 7;

export function createMemory(): Memory {
  const events = createRecentTable(rememberedEvents, 1);
  const work = createRecentTable(rememberedContents, contentColumns);
  /** The content of each event in `work`. What nobody works on hardly ever changes its status. */
  const owners = createRecentTable(rememberedContents, 1);
  const chatter = createRecentTable(rememberedContents, contentColumns);
  const eventRow = [1];
  const contentRow = new Float64Array(contentColumns);
  const ownerRow = new Float64Array(1);
  /** The file that is written, and the oldest that counts, as numbers that only grow. */
  let file = 0;
  let oldestFile = 0;

  function read(table: RecentTable, key: number, isWork: boolean): KnownContent | undefined {
    const place = table.find(key);
    return place < 0 || table.valueAt(place, fileColumn) < oldestFile ? undefined : contentAt(table, place, isWork);
  }

  return {
    hasEvent: (key) => events.find(key) >= 0,
    addEvent: (key) => events.set(key, eventRow),
    forgetEvent: events.delete,
    contentKeyOf(id) {
      const place = owners.find(keyOfId(id));
      return place < 0 ? chatter.keyWith(idColumn, idNumber(id)) : owners.valueAt(place, 0);
    },
    content(key, isWork) {
      const asWork = isWork === false ? undefined : read(work, key, true);
      return asWork ?? (isWork === true ? undefined : read(chatter, key, false));
    },
    setContent(key, { id, firstSeen, status, rev, isWork }) {
      contentRow[0] = firstSeen;
      contentRow[idColumn] = idNumber(id);
      contentRow[2] = (hexAt(id, 14, 18) * 0x1_0000 + hexAt(id, 19, 23)) * 0x1_0000 + hexAt(id, 24, 28);
      contentRow[3] = hexAt(id, 28, 36);
      contentRow[4] = (statuses as readonly string[]).indexOf(status);
      contentRow[5] = rev;
      contentRow[fileColumn] = file;
      (isWork ? work : chatter).set(key, contentRow);
      if (!isWork) return;
      ownerRow[0] = key;
      owners.set(keyOfId(id), ownerRow);
    },
    forgetContent(key) {
      work.delete(key);
      chatter.delete(key);
    },
    forgetContents() {
      for (const table of [work, owners, chatter]) table.clear();
    },
    beginFile() {
      file++;
    },
    forgetOlderFiles() {
      oldestFile = file;
    },
  };
}

const idColumn = 1;
const fileColumn = 6;

/** The first twelve digits. */
function idNumber(id: string): number {
  return hexAt(id, 0, 8) * 0x1_0000 + hexAt(id, 9, 13);
}

function contentAt(table: RecentTable, place: number, isWork: boolean): KnownContent {
  const hex = (column: number, digits: number) => table.valueAt(place, column).toString(16).padStart(digits, "0");
  const first = hex(idColumn, 12);
  const middle = hex(2, 12);
  const groups = [
    first.slice(0, 8),
    first.slice(8),
    middle.slice(0, 4),
    middle.slice(4, 8),
    middle.slice(8) + hex(3, 8),
  ];
  return {
    id: groups.join("-"),
    firstSeen: table.valueAt(place, 0),
    status: statuses[table.valueAt(place, 4)] ?? "",
    rev: table.valueAt(place, 5),
    isWork,
  };
}

/** Of a UUID. */
export function keyOfId(id: string): number {
  // Not the version's digit, which tells nothing.
  return (hexAt(id, 0, 8) * 0x1_0000 + hexAt(id, 9, 13)) * 0x10 + hexAt(id, 15, 16) || 1;
}

/** The same, of one that stands in bytes of ASCII. */
export function keyOfIdAt(bytes: Uint8Array, at: number): number {
  return (
    (hexIn(bytes, at, at + 8) * 0x1_0000 + hexIn(bytes, at + 9, at + 13)) * 0x10 + hexIn(bytes, at + 15, at + 16) || 1
  );
}

/** Of a hash in hexadecimal digits. */
export function keyOfHash(hash: string): number {
  return hexAt(hash, 0, 7) * 0x100_0000 + hexAt(hash, 7, 13) || 1;
}

/** At most twelve digits. */
function hexAt(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 16 + digitOf(text.charCodeAt(at));
  return value;
}

function hexIn(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 16 + digitOf(bytes[at]!);
  return value;
}

/** 0-9 are 0x30 to 0x39, a-f 0x61 to 0x66. */
function digitOf(code: number): number {
  return (code & 0xf) + (code > 0x39 ? 9 : 0);
}
