// Checks one LogRecord and notes its severity and time. The usual forms of fields are checked here in place, at the speed
// of memory; check.ts takes all others.

import { hasObservedTime, itemHigh, itemLow, itemMeta } from "../layout.ts";
import type { Limits } from "../limits.ts";
import { anyValue, keyValue } from "../schema/common.ts";
import { logRecord } from "../schema/logs.ts";
import { Fields, pastEnd, truncated } from "../wire/fields.ts";
import { low32At } from "../wire/int64.ts";
import { Checker } from "./check.ts";
import type { ItemIndexer } from "./request.ts";

export class LogRecordIndexer implements ItemIndexer {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly checker: Checker;

  constructor(bytes: Uint8Array, limits: Limits) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.checker = new Checker(bytes, limits);
  }

  item(start: number, end: number, items: Uint32Array, row: number): void {
    const { bytes, view, checker } = this;
    checker.values = 0;
    let severity = 0;
    let low = 0;
    let high = 0;
    let observedLow = 0;
    let observedHigh = 0;
    let pos = start;
    while (pos < end) {
      const tag = bytes[pos]!;
      if ((tag & 0x87) === 2 && pos + 1 < end) {
        const from = pos;
        let length = bytes[pos + 1]!;
        pos += 2;
        if (length > 127) {
          const more = pos < end ? bytes[pos]! : 128;
          if (more > 127) {
            pos = this.otherField(from, end).end;
            continue;
          }
          length = (length & 127) | (more << 7);
          pos++;
        }
        const next = pos + length;
        if (next > end) throw pastEnd(pos, length, end);
        if (tag === 0x32) {
          checker.count(pos);
          if (!isPlainKeyValue(bytes, pos, next)) checker.message(pos, next, keyValue, 0);
        } else if (tag === 0x2a) {
          if (!isPlainValue(bytes, pos, next)) checker.message(pos, next, anyValue, 0);
        } else if (tag !== 0x1a && tag !== 0x4a && tag !== 0x52 && tag !== 0x62) {
          this.otherField(from, end);
        }
        pos = next;
      } else if (tag === 0x09) {
        if (pos + 9 > end) throw truncated(pos);
        low = view.getUint32(pos + 1, true);
        high = view.getUint32(pos + 5, true);
        pos += 9;
      } else if (tag === 0x59) {
        if (pos + 9 > end) throw truncated(pos);
        observedLow = view.getUint32(pos + 1, true);
        observedHigh = view.getUint32(pos + 5, true);
        pos += 9;
      } else if (tag === 0x45) {
        if (pos + 5 > end) throw truncated(pos);
        pos += 5;
      } else if (tag === 0x10 && pos + 1 < end && bytes[pos + 1]! < 128) {
        severity = bytes[pos + 1]!;
        pos += 2;
      } else {
        const field = this.otherField(pos, end);
        if (field.tag === 0x10) {
          severity = low32At(bytes, field.start, field.end);
        } else if (field.tag === 0x09) {
          low = view.getUint32(field.start, true);
          high = view.getUint32(field.start + 4, true);
        } else if (field.tag === 0x59) {
          observedLow = view.getUint32(field.start, true);
          observedHigh = view.getUint32(field.start + 4, true);
        }
        pos = field.end;
      }
    }
    const observed = (observedLow | observedHigh) !== 0;
    const timed = (low | high) !== 0;
    items[row + itemMeta] = (severity >= 0 && severity <= 24 ? severity : 0) | (observed ? hasObservedTime : 0);
    items[row + itemLow] = timed ? low : observedLow;
    items[row + itemHigh] = timed ? high : observedHigh;
  }

  /** Checks the one field at `pos`, of any form. */
  private otherField(pos: number, end: number): Fields {
    const field = new Fields(this.bytes, pos, end);
    field.next();
    this.checker.message(field.from, field.end, logRecord, 0);
    return field;
  }
}

/** A KeyValue as every writer writes it: key, then a value that is no array or map, all short. */
function isPlainKeyValue(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 4 || bytes[start] !== 0x0a) return false;
  const keyLength = bytes[start + 1]!;
  const at = start + 2 + keyLength;
  if (keyLength > 127 || at + 2 > end || bytes[at] !== 0x12) return false;
  let from = at + 2;
  let length = bytes[at + 1]!;
  if (length > 127) {
    if (from >= end || bytes[from]! > 127) return false;
    length = (length & 127) | (bytes[from]! << 7);
    from++;
  }
  return from + length === end && isPlainValue(bytes, from, end);
}

/** An AnyValue as every writer writes it, that is no array or map. */
function isPlainValue(bytes: Uint8Array, start: number, end: number): boolean {
  const size = end - start;
  if (size < 2) return size === 0;
  switch (bytes[start]) {
    case 0x0a:
    case 0x3a: {
      const length = bytes[start + 1]!;
      if (length < 128) return size === length + 2;
      if (size < 3 || bytes[start + 2]! > 127) return false;
      return size === ((length & 127) | (bytes[start + 2]! << 7)) + 3;
    }
    case 0x10:
      return size === 2 && bytes[start + 1]! < 128;
    case 0x18: {
      if (size > 11) return false;
      for (let at = start + 1; at < end - 1; at++) if (bytes[at]! < 128) return false;
      return bytes[end - 1]! < 128;
    }
    case 0x21:
      return size === 9;
    default:
      return false;
  }
}
