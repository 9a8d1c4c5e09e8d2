// One record of a batch, seen through its bytes: a field is decoded when it is read, and not before.

import type { Found } from "./found.ts";
import { itemEnd, itemHigh, itemLow, itemMeta, itemRow, itemScope, itemStart, severityMask } from "./layout.ts";
import type { Reading } from "./reading.ts";
import { Source } from "./source.ts";
import type { LogRecord, Resource, Scope } from "./types.ts";
import type { AnyMap, AnyValue } from "./value.ts";
import { joinFields, pairsInto, valueOfKey } from "./values/pairs.ts";
import { emptyMap, valueAt } from "./values/read.ts";
import { spanIdAt, traceIdAt } from "./wire/hex.ts";
import { nanosToMs } from "./wire/int64.ts";

const attributeTag = 0x32;

export class RecordView implements LogRecord {
  private readonly reading: Reading;
  private readonly row: number;
  private readonly source: Source;
  private readonly start: number;
  private readonly end: number;

  constructor(reading: Reading, index: number) {
    const row = index * itemRow;
    const { items } = reading;
    this.reading = reading;
    this.row = row;
    this.source = reading.sourceOf(items[row + itemMeta]!);
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
    return at === 0 ? 0n : this.source.view.getBigUint64(at, true);
  }

  get observedTimeUnixNano(): bigint {
    const at = this.fields().observed;
    return at === 0 ? 0n : this.source.view.getBigUint64(at, true);
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
    return this.source.repeated(found.severityStart, found.severityEnd);
  }

  get body(): AnyValue {
    const found = this.fields();
    if (found.bodies > 1) {
      const joined = joinFields(this.source.bytes, this.start, this.end, 0x2a);
      return valueAt(new Source(joined), 0, joined.length);
    }
    this.openTexts();
    return valueAt(this.source, found.bodyStart, found.bodyEnd);
  }

  get eventName(): string {
    const found = this.fields();
    return this.source.repeated(found.eventStart, found.eventEnd);
  }

  get traceId(): string {
    const found = this.fields();
    return found.traceEnd - found.traceStart === 16 ? traceIdAt(this.source, found.traceStart) : "";
  }

  get spanId(): string {
    const found = this.fields();
    return found.spanEnd - found.spanStart === 8 ? spanIdAt(this.source, found.spanStart) : "";
  }

  get flags(): number {
    return this.fields().flags;
  }

  get droppedAttributesCount(): number {
    return this.fields().dropped;
  }

  attribute(key: string): AnyValue | undefined {
    return valueOfKey(this.source, this.start, this.end, attributeTag, key);
  }

  attributes(): AnyMap {
    this.openTexts();
    const { attributesStart, attributesEnd } = this.fields();
    const map = emptyMap();
    pairsInto(map, this.source, attributesStart, attributesEnd, attributeTag);
    return map;
  }

  private openTexts(): void {
    const { textStart, textEnd } = this.fields();
    this.source.open(textStart, textEnd);
  }

  private fields(): Found {
    return this.reading.found.of(this.row, this.source.bytes, this.start, this.end);
  }
}

/** The first `count` records. */
export class Records implements IterableIterator<LogRecord> {
  private readonly reading: Reading;
  private readonly count: number;
  private index = 0;

  constructor(reading: Reading, count: number) {
    this.reading = reading;
    this.count = count;
  }

  next(): IteratorResult<LogRecord> {
    if (this.index >= this.count) return { done: true, value: undefined };
    return { done: false, value: new RecordView(this.reading, this.index++) };
  }

  [Symbol.iterator](): this {
    return this;
  }
}
