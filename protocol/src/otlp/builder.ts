// Records of one resource and scope, written straight to protobuf.

import {
  hasObservedTime,
  itemEnd,
  itemHigh,
  itemLow,
  itemMeta,
  itemRow,
  itemScope,
  itemStart,
  Rows,
} from "./layout.ts";
import { defaultLimits } from "./limits.ts";
import { Logs } from "./logs.ts";
import type { AnyMap, AnyValue } from "./value.ts";
import { writeKeyValue, writeValue } from "./values/write.ts";
import { fromHex } from "./wire/hex.ts";
import { type Halves, msToNanos } from "./wire/int64.ts";
import { varintSize, Writer } from "./wire/writer.ts";

const { maxDepth } = defaultLimits;

/** Bytes of a record for which room is made first. */
const usualRecord = 300;

export interface LogRecordInit {
  readonly timeUnixNano?: bigint;
  /** Milliseconds since the epoch, an alternative to timeUnixNano that costs less. */
  readonly timeMs?: number;
  readonly observedTimeMs?: number;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: AnyValue;
  readonly attributes?: { readonly [key: string]: AnyValue | undefined };
  readonly eventName?: string;
  /** Hex; left out where it is not 16 bytes (`spanId`: 8). */
  readonly traceId?: string;
  readonly spanId?: string;
  readonly flags?: number;
  readonly droppedAttributesCount?: number;
}

/** Writes records of one resource and scope straight to protobuf; `build` gives the batch and starts over. */
export class LogsBuilder {
  private readonly writer = new Writer(4096);
  private readonly rows = new Rows(16 * itemRow);
  /** Resource field of the ResourceLogs message, and scope field of the ScopeLogs message, with their tags. */
  private readonly resource: Uint8Array;
  private readonly scope: Uint8Array;
  private readonly time: Halves = { lo: 0, hi: 0 };
  private readonly observed: Halves = { lo: 0, hi: 0 };

  constructor(resource: AnyMap, scope?: { readonly name: string; readonly version?: string }) {
    this.resource = resourceField(resource);
    this.scope = scopeField(scope);
  }

  get itemCount(): number {
    return this.rows.length / itemRow;
  }

  /** Bytes of the batch as `build` would give it. */
  get byteLength(): number {
    if (this.rows.length === 0) return 0;
    const { resourceLogs } = this.sizes();
    return 1 + varintSize(resourceLogs) + resourceLogs;
  }

  /** Throws OtlpError, and adds nothing, where a value is nested deeper than the default limit. */
  add(record: LogRecordInit): void {
    const before = this.writer.pos;
    try {
      this.write(record);
    } catch (error) {
      this.writer.pos = before;
      throw error;
    }
  }

  build(): Logs {
    if (this.rows.length === 0) return Logs.merge([]);
    const { writer, resource, scope } = this;
    const { resourceLogs, scopeLogs } = this.sizes();
    const head = new Writer(24 + resource.length + scope.length);
    head.byte(0x0a);
    head.varint(resourceLogs);
    const resourceStart = head.pos;
    head.raw(resource);
    head.byte(0x12);
    head.varint(scopeLogs);
    const scopeStart = head.pos;
    head.raw(scope);
    const bytes = new Uint8Array(head.pos + writer.pos);
    bytes.set(head.bytes.subarray(0, head.pos));
    bytes.set(writer.bytes.subarray(0, writer.pos), head.pos);
    const items = this.rows.done();
    for (let at = 0; at < items.length; at += itemRow) {
      items[at + itemStart] = items[at + itemStart]! + head.pos;
      items[at + itemEnd] = items[at + itemEnd]! + head.pos;
    }
    this.rows.length = 0;
    writer.pos = 0;
    const resources = Uint32Array.of(0, resourceStart, bytes.length);
    const scopes = Uint32Array.of(0, scopeStart, bytes.length, 0);
    return new Logs({ buffers: [bytes], resources, scopes, items }, bytes);
  }

  private sizes(): { resourceLogs: number; scopeLogs: number } {
    const scopeLogs = this.scope.length + this.writer.pos;
    return { scopeLogs, resourceLogs: this.resource.length + 1 + varintSize(scopeLogs) + scopeLogs };
  }

  private write(record: LogRecordInit): void {
    const { writer, time, observed } = this;
    writer.byte(0x12);
    const begun = writer.begin(usualRecord);
    if (record.timeUnixNano !== undefined) {
      time.lo = Number(record.timeUnixNano & 0xffffffffn);
      time.hi = Number((record.timeUnixNano >> 32n) & 0xffffffffn);
    } else msToNanos(record.timeMs ?? 0, time);
    msToNanos(record.observedTimeMs ?? 0, observed);
    const timed = (time.lo | time.hi) !== 0;
    const wasObserved = (observed.lo | observed.hi) !== 0;
    if (timed) {
      writer.byte(0x09);
      writer.fixed64(time);
    }
    const severity = severityOf(record.severityNumber);
    if (severity !== 0) {
      writer.byte(0x10);
      writer.byte(severity);
    }
    if (record.severityText) {
      writer.byte(0x1a);
      writer.text(record.severityText);
    }
    if (record.body !== undefined) {
      writer.byte(0x2a);
      const expected = typeof record.body === "string" ? record.body.length + 2 : 64;
      const body = writer.begin(expected);
      writeValue(writer, record.body, maxDepth);
      writer.end(body, expected);
    }
    if (record.attributes !== undefined) this.writeAttributes(record.attributes);
    this.writeRest(record);
    if (wasObserved) {
      writer.byte(0x59);
      writer.fixed64(observed);
    }
    const length = writer.end(begun, usualRecord);
    const at = this.rows.add(itemRow);
    const { data } = this.rows;
    data[at + itemStart] = writer.pos - length;
    data[at + itemEnd] = writer.pos;
    data[at + itemScope] = 0;
    data[at + itemMeta] = severity | (wasObserved ? hasObservedTime : 0);
    data[at + itemLow] = timed ? time.lo : observed.lo;
    data[at + itemHigh] = timed ? time.hi : observed.hi;
  }

  private writeAttributes(attributes: { readonly [key: string]: AnyValue | undefined }): void {
    for (const key of Object.keys(attributes)) {
      const value = attributes[key];
      if (value !== undefined) writeKeyValue(this.writer, 0x32, key, value, maxDepth);
    }
  }

  private writeRest(record: LogRecordInit): void {
    const { writer } = this;
    if (record.droppedAttributesCount) {
      writer.byte(0x38);
      writer.varint(record.droppedAttributesCount >>> 0);
    }
    if (record.flags) {
      writer.byte(0x45);
      writer.fixed32(record.flags);
    }
    if (record.traceId) writeId(writer, 0x4a, record.traceId, 16);
    if (record.spanId) writeId(writer, 0x52, record.spanId, 8);
    if (record.eventName) {
      writer.byte(0x62);
      writer.text(record.eventName);
    }
  }
}

function severityOf(value: number | undefined): number {
  return value !== undefined && Number.isInteger(value) && value > 0 && value <= 24 ? value : 0;
}

function writeId(writer: Writer, tag: number, hex: string, length: number): void {
  const bytes = hex.length === 2 * length ? fromHex(hex) : undefined;
  if (bytes === undefined) return;
  writer.byte(tag);
  writer.byte(length);
  writer.raw(bytes);
}

function resourceField(resource: AnyMap): Uint8Array {
  const writer = new Writer(512);
  writer.byte(0x0a);
  const begun = writer.begin(256);
  for (const key of Object.keys(resource)) writeKeyValue(writer, 0x0a, key, resource[key], maxDepth);
  writer.end(begun, 256);
  return writer.slice();
}

function scopeField(scope: { readonly name: string; readonly version?: string } | undefined): Uint8Array {
  const writer = new Writer(128);
  if (scope === undefined) return writer.slice();
  writer.byte(0x0a);
  const begun = writer.begin(64);
  if (scope.name) {
    writer.byte(0x0a);
    writer.text(scope.name);
  }
  if (scope.version) {
    writer.byte(0x12);
    writer.text(scope.version);
  }
  writer.end(begun, 64);
  return writer.slice();
}
