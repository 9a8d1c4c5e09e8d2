// What the queue has had lately: which events, so that a record that comes again is not written again; and which contents, so
// that the same again within a window is counted and not written.

import { createRecentTable } from "./recent-table.ts";

/** Events and contents go by keys, made once for each record: `keyOfId` and `keyOfHash`. */
export interface Memory {
  hasEvent(key: number): boolean;
  addEvent(key: number): void;
  forgetEvent(key: number): void;
  /** undefined where it is not known. */
  content(key: number): KnownContent | undefined;
  setContent(key: number, firstSeen: number, timeMs: number): void;
  forgetContent(key: number): void;
}

export interface KnownContent {
  /** Unix milliseconds, by the collector's clock. */
  readonly firstSeen: number;
  /** Unix milliseconds of the last event that was written, by the client's clock. */
  readonly timeMs: number;
}

/** Several clients' buffers of 5,000 records; 3 MB. */
const rememberedEvents = 32_768;
const rememberedContents = 16_384;

export function createMemory(): Memory {
  const events = createRecentTable(rememberedEvents);
  const contents = createRecentTable(rememberedContents);
  return {
    hasEvent: (key) => events.find(key) >= 0,
    addEvent: (key) => events.set(key, 1, 1),
    forgetEvent: events.delete,
    content(key) {
      const place = contents.find(key);
      return place < 0 ? undefined : { firstSeen: contents.firstAt(place), timeMs: contents.secondAt(place) };
    },
    setContent: contents.set,
    forgetContent: contents.delete,
  };
}

/** Of a UUID. */
export function keyOfId(id: string): number {
  // Not the version's digit, which tells nothing.
  return (hexAt(id, 0, 8) * 0x1_0000 + hexAt(id, 9, 13)) * 0x10 + hexAt(id, 15, 16) || 1;
}

/** Of a hash in hexadecimal digits. */
export function keyOfHash(hash: string): number {
  return hexAt(hash, 0, 7) * 0x100_0000 + hexAt(hash, 7, 13) || 1;
}

/** At most eight digits. */
function hexAt(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    // 0-9 are 0x30 to 0x39, a-f 0x61 to 0x66.
    value = value * 16 + (code & 0xf) + (code > 0x39 ? 9 : 0);
  }
  return value;
}
