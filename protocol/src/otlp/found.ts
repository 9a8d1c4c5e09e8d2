// Where those fields of a record are that are there once.

import { endOfField, Fields } from "./wire/fields.ts";
import { low32At } from "./wire/int64.ts";

/**
 * Positions in the buffer, 0 where absent; `flags` and `dropped` are their values. Of a field that is there twice the last
 * one counts; of bodies, all. One of these serves all records of a batch in turn, as they are mostly read.
 */
export class Found {
  /** Row of the record that was looked at last. */
  private row = -1;
  time = 0;
  observed = 0;
  severityStart = 0;
  severityEnd = 0;
  bodies = 0;
  bodyStart = 0;
  bodyEnd = 0;
  eventStart = 0;
  eventEnd = 0;
  traceStart = 0;
  traceEnd = 0;
  spanStart = 0;
  spanEnd = 0;
  flags = 0;
  dropped = 0;
  /** From the first to the last of those texts, body and attributes that are next to each other. */
  textStart = 0;
  textEnd = 0;
  /** From the first attribute to the last. */
  attributesStart = 0;
  attributesEnd = 0;

  /** The record in [start, end), which an index pass has checked. */
  of(row: number, bytes: Uint8Array, start: number, end: number): this {
    if (row !== this.row) {
      this.row = row;
      this.find(bytes, start, end);
    }
    return this;
  }

  private find(bytes: Uint8Array, start: number, end: number): void {
    this.time = 0;
    this.observed = 0;
    this.severityStart = 0;
    this.severityEnd = 0;
    this.bodies = 0;
    this.bodyStart = 0;
    this.bodyEnd = 0;
    this.eventStart = 0;
    this.eventEnd = 0;
    this.traceStart = 0;
    this.traceEnd = 0;
    this.spanStart = 0;
    this.spanEnd = 0;
    this.flags = 0;
    this.dropped = 0;
    this.textStart = 0;
    this.textEnd = 0;
    this.attributesStart = 0;
    this.attributesEnd = 0;
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
          this.time = value;
          continue;
        case 0x59:
          this.observed = value;
          continue;
        case 0x38:
          this.dropped = low32At(bytes, value, next) >>> 0;
          continue;
        case 0x45:
          this.flags =
            (bytes[value]! | (bytes[value + 1]! << 8) | (bytes[value + 2]! << 16) | (bytes[value + 3]! << 24)) >>> 0;
          continue;
        case 0x62:
          this.eventStart = value;
          this.eventEnd = next;
          continue;
        case 0x4a:
          this.traceStart = value;
          this.traceEnd = next;
          continue;
        case 0x52:
          this.spanStart = value;
          this.spanEnd = next;
          continue;
        case 0x1a:
          this.severityStart = value;
          this.severityEnd = next;
          break;
        case 0x2a:
          this.bodies++;
          this.bodyStart = value;
          this.bodyEnd = next;
          break;
        case 0x32:
          if (this.attributesStart === 0) this.attributesStart = from;
          this.attributesEnd = next;
          break;
        default:
          continue;
      }
      if (this.textEnd === from) {
        this.textEnd = next;
      } else if (this.textEnd === 0) {
        this.textStart = from;
        this.textEnd = next;
      }
    }
  }
}
