// Where those fields of a record are that are there once.

import { endOfField, Fields } from "./wire/fields.ts";
import { low32At } from "./wire/int64.ts";

/** Positions in the buffer, 0 where absent. Of a field that is there twice the last one counts; of bodies, all. */
export interface Found {
  readonly time: number;
  readonly observed: number;
  readonly severityStart: number;
  readonly severityEnd: number;
  readonly bodies: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly eventStart: number;
  readonly eventEnd: number;
  readonly traceStart: number;
  readonly traceEnd: number;
  readonly spanStart: number;
  readonly spanEnd: number;
  readonly flags: number;
  readonly dropped: number;
  /** From the first to the last of those texts, body and attributes that are next to each other. */
  readonly textStart: number;
  readonly textEnd: number;
  /** From the first attribute to the last. */
  readonly attributesStart: number;
  readonly attributesEnd: number;
}

/** In a record that an index pass has checked. */
export function findFields(bytes: Uint8Array, start: number, end: number): Found {
  let time = 0;
  let observed = 0;
  let severityStart = 0;
  let severityEnd = 0;
  let bodies = 0;
  let bodyStart = 0;
  let bodyEnd = 0;
  let eventStart = 0;
  let eventEnd = 0;
  let traceStart = 0;
  let traceEnd = 0;
  let spanStart = 0;
  let spanEnd = 0;
  let flags = 0;
  let dropped = 0;
  let textStart = 0;
  let textEnd = 0;
  let attributesStart = 0;
  let attributesEnd = 0;
  for (let pos = start; pos < end; ) {
    const from = pos;
    const next = endOfField(bytes, pos, end);
    let tag = bytes[pos]!;
    pos = next;
    let value = from + 1;
    if (tag > 127 || (tag & 7) === 2) {
      if (tag < 128 && bytes[value]! < 128) {
        value++;
      } else {
        const field = new Fields(bytes, from, end);
        field.next();
        tag = field.tag;
        value = field.start;
      }
    }
    switch (tag) {
      case 0x09:
        time = value;
        continue;
      case 0x59:
        observed = value;
        continue;
      case 0x38:
        dropped = low32At(bytes, value, next) >>> 0;
        continue;
      case 0x45:
        flags =
          (bytes[value]! | (bytes[value + 1]! << 8) | (bytes[value + 2]! << 16) | (bytes[value + 3]! << 24)) >>> 0;
        continue;
      case 0x62:
        eventStart = value;
        eventEnd = next;
        continue;
      case 0x4a:
        traceStart = value;
        traceEnd = next;
        continue;
      case 0x52:
        spanStart = value;
        spanEnd = next;
        continue;
      case 0x1a:
        severityStart = value;
        severityEnd = next;
        break;
      case 0x2a:
        bodies++;
        bodyStart = value;
        bodyEnd = next;
        break;
      case 0x32:
        if (attributesStart === 0) attributesStart = from;
        attributesEnd = next;
        break;
      default:
        continue;
    }
    if (textEnd === from) {
      textEnd = next;
    } else if (textEnd === 0) {
      textStart = from;
      textEnd = next;
    }
  }
  return {
    time,
    observed,
    severityStart,
    severityEnd,
    bodies,
    bodyStart,
    bodyEnd,
    eventStart,
    eventEnd,
    traceStart,
    traceEnd,
    spanStart,
    spanEnd,
    flags,
    dropped,
    textStart,
    textEnd,
    attributesStart,
    attributesEnd,
  };
}
