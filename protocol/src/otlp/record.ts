// One record of a batch, seen through its bytes: a field is decoded when it is read, and not before.

import { itemEnd, itemHigh, itemLow, itemMeta, itemRow, itemScope, itemStart, severityMask } from "./layout.ts";
import type { Reading } from "./reading.ts";
import type { LogRecord, Resource, Scope } from "./types.ts";
import type { AnyMap, AnyValue } from "./value.ts";
import { emptyMap, joinFields, KeyValueAt, keyValueInto, valueAt } from "./values.ts";
import { Fields } from "./wire/fields.ts";
import { hexAt } from "./wire/hex.ts";
import { low32At, nanosToMs } from "./wire/int64.ts";
import { isTextAt } from "./wire/utf8.ts";

const attributeTag = 0x32;

export class RecordView implements LogRecord {
  private readonly reading: Reading;
  private readonly row: number;
  private readonly bytes: Uint8Array;
  private readonly start: number;
  private readonly end: number;
  private found: Found | undefined = undefined;

  constructor(reading: Reading, index: number) {
    const row = index * itemRow;
    const { items } = reading;
    this.reading = reading;
    this.row = row;
    this.bytes = reading.bufferOf(items[row + itemMeta]!);
    this.start = items[row + itemStart]!;
    this.end = items[row + itemEnd]!;
  }

  get resource(): Resource {
    return this.reading.resourceOf(this.reading.items[this.row + itemScope]!);
  }

  get scope(): Scope {
    return this.reading.scope(this.reading.items[this.row + itemScope]!);
  }

  get timeUnixNano(): bigint {
    const at = this.fields().time;
    return at === 0 ? 0n : nanosAt(this.bytes, at);
  }

  get observedTimeUnixNano(): bigint {
    const at = this.fields().observed;
    return at === 0 ? 0n : nanosAt(this.bytes, at);
  }

  get timeMs(): number {
    const { items } = this.reading;
    return nanosToMs(items[this.row + itemLow]!, items[this.row + itemHigh]!);
  }

  get severityNumber(): number {
    return this.reading.items[this.row + itemMeta]! & severityMask;
  }

  get severityText(): string {
    const found = this.fields();
    return this.reading.texts.at(this.bytes, found.severityStart, found.severityEnd);
  }

  get body(): AnyValue {
    const found = this.fields();
    if (found.bodies > 1) {
      const joined = joinFields(this.bytes, this.start, this.end, 0x2a);
      return valueAt(joined, 0, joined.length, this.reading.texts);
    }
    return valueAt(this.bytes, found.bodyStart, found.bodyEnd, this.reading.texts);
  }

  get eventName(): string {
    const found = this.fields();
    return this.reading.texts.at(this.bytes, found.eventStart, found.eventEnd);
  }

  get traceId(): string {
    const found = this.fields();
    return found.traceEnd - found.traceStart === 16 ? hexAt(this.bytes, found.traceStart, found.traceEnd) : "";
  }

  get spanId(): string {
    const found = this.fields();
    return found.spanEnd - found.spanStart === 8 ? hexAt(this.bytes, found.spanStart, found.spanEnd) : "";
  }

  get flags(): number {
    return this.fields().flags;
  }

  get droppedAttributesCount(): number {
    return this.fields().dropped;
  }

  attribute(key: string): AnyValue | undefined {
    const { bytes } = this;
    let last: KeyValueAt | undefined;
    for (const field = new Fields(bytes, this.start, this.end); field.next(); ) {
      if (field.tag !== attributeTag) continue;
      const pair = new KeyValueAt(bytes, field.start, field.end);
      if (isTextAt(bytes, pair.keyStart, pair.keyEnd, key)) last = pair;
    }
    return last?.value(this.reading.texts);
  }

  attributes(): AnyMap {
    const { bytes } = this;
    const map = emptyMap();
    for (const field = new Fields(bytes, this.start, this.end); field.next(); ) {
      if (field.tag === attributeTag) keyValueInto(map, bytes, field.start, field.end, this.reading.texts);
    }
    return map;
  }

  private fields(): Found {
    this.found ??= new Found(this.bytes, this.start, this.end);
    return this.found;
  }
}

function nanosAt(bytes: Uint8Array, at: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true);
}

/** Where the fields of a record are that are there once; 0 where absent. The last one of a kind counts. */
class Found {
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

  constructor(bytes: Uint8Array, start: number, end: number) {
    for (const field = new Fields(bytes, start, end); field.next(); ) {
      switch (field.tag) {
        case 0x09:
          this.time = field.start;
          break;
        case 0x59:
          this.observed = field.start;
          break;
        case 0x1a:
          this.severityStart = field.start;
          this.severityEnd = field.end;
          break;
        case 0x2a:
          this.bodies++;
          this.bodyStart = field.start;
          this.bodyEnd = field.end;
          break;
        case 0x62:
          this.eventStart = field.start;
          this.eventEnd = field.end;
          break;
        case 0x4a:
          this.traceStart = field.start;
          this.traceEnd = field.end;
          break;
        case 0x52:
          this.spanStart = field.start;
          this.spanEnd = field.end;
          break;
        case 0x45:
          this.flags =
            (bytes[field.start]! |
              (bytes[field.start + 1]! << 8) |
              (bytes[field.start + 2]! << 16) |
              (bytes[field.start + 3]! << 24)) >>>
            0;
          break;
        case 0x38:
          this.dropped = low32At(bytes, field.start, field.end) >>> 0;
          break;
      }
    }
  }
}
