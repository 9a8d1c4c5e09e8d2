// The events that nobody has to work on: known by the first bytes of their lines, which need not be decoded, and remembered by id.

import type { LeavesOut } from "../line-splitter.ts";
import { keyOfId, keyOfIdAt } from "../memory.ts";

export interface LeftOut {
  /** Whether this is the line of one; remembers its id. */
  readonly takes: LeavesOut;
  has(id: string): boolean;
}

/** How the exporter begins a line that nobody has to work on. Inside a string of JSON there is a backslash before each quotation mark. */
const infoLine =
  /^\{"id":"[0-9a-f-]{36}","timestamp":"[0-9T:.-]{23}Z("(?:,"(?:source|service|project)":"(?:[^"\\]|\\.)*"){3},"severity":"info",)/;
const opening = Buffer.from('{"id":"');
const idStart = opening.length;
const idEnd = idStart + 36;
const between = Buffer.from('","timestamp":"');
const timeStart = idEnd + between.length;
/** Behind the time. What follows up to the text is the same for all that a stream says. */
const namesStart = timeStart + "2026-11-21T12:34:56.789Z".length;
/** What `infoLine` may have to look at; longer names are read with the line. */
const headBytes = 512;
const brace = 0x7d;
const quotationMark = 0x22;
const backslash = 0x5c;
/** Names of streams that are looked for first: as many as write at the same time. */
const maxNames = 8;

export function createLeftOut(): LeftOut {
  const keys = new Set<number>();
  // Filled with every line and hardly ever asked: sorted into a set when it is.
  let added: number[] = [];
  /** The last one found is the first. */
  const names: Buffer[] = [];

  /** By names that were found before. */
  function isKnown(bytes: Buffer, from: number, to: number): boolean {
    for (let index = 0; index < names.length; index++) {
      const each = names[index]!;
      const start = from + namesStart;
      if (start + each.length > to || bytes.compare(each, 0, each.length, start, start + each.length) !== 0) continue;
      if (index > 0) names.unshift(...names.splice(index, 1));
      return true;
    }
    return false;
  }

  function isNew(bytes: Buffer, from: number, to: number): boolean {
    const found = infoLine.exec(bytes.toString("latin1", from, Math.min(to, from + headBytes)))?.[1];
    if (found === undefined) return false;
    names.unshift(Buffer.from(found, "latin1"));
    names.length = Math.min(names.length, maxNames);
    return true;
  }

  return {
    takes(bytes, from, to) {
      if (bytes[to - 1] !== brace || !beginsWell(bytes, from)) return false;
      if (!isKnown(bytes, from, to) && !isNew(bytes, from, to)) return false;
      added.push(keyOfIdAt(bytes, from + idStart));
      return true;
    },
    has(id) {
      for (const each of added) keys.add(each);
      added = [];
      return keys.has(keyOfId(id));
    },
  };
}

/** An id and a time, which end where they should. */
function beginsWell(bytes: Buffer, from: number): boolean {
  return (
    has(bytes, from, opening) &&
    isPlain(bytes, from + idStart, from + idEnd) &&
    has(bytes, from + idEnd, between) &&
    isPlain(bytes, from + timeStart, from + namesStart)
  );
}

function has(bytes: Buffer, from: number, text: Buffer): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[from + at] !== text[at]) return false;
  return true;
}

function isPlain(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === quotationMark || bytes[at] === backslash) return false;
  return true;
}
