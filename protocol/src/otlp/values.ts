// AnyValue between bytes and JavaScript.

import { OtlpError } from "./errors.ts";
import type { AnyMap, AnyValue } from "./value.ts";
import { Fields } from "./wire/fields.ts";
import { int64At } from "./wire/int64.ts";
import { type Texts, textAt } from "./wire/utf8.ts";
import type { Writer } from "./wire/writer.ts";

type MutableMap = { [key: string]: AnyValue };

/**
 * What a map is made from: an object that inherits from an empty one. To a reader it is as one without a prototype, but V8
 * keeps it in its fast form.
 */
const Bare = function (this: MutableMap): void {} as unknown as { new (): MutableMap; prototype: object };
Bare.prototype = Object.freeze(Object.create(null) as object);

export function emptyMap(): MutableMap {
  return new Bare();
}

/** The AnyValue message in [start, end); `null` where it is empty or of a kind that this schema does not know. */
export function valueAt(bytes: Uint8Array, start: number, end: number, texts: Texts): AnyValue {
  let value: AnyValue = null;
  let listTag = 0;
  for (const field = new Fields(bytes, start, end); field.next(); ) {
    switch (field.tag) {
      case 0x0a:
        value =
          field.end - field.start > 16
            ? textAt(bytes, field.start, field.end)
            : texts.at(bytes, field.start, field.end);
        break;
      case 0x10:
        value = int64At(bytes, field.start, field.end) !== 0;
        break;
      case 0x18:
        value = int64At(bytes, field.start, field.end);
        break;
      case 0x21:
        value = new DataView(bytes.buffer, bytes.byteOffset + field.start, 8).getFloat64(0, true);
        break;
      case 0x2a: {
        // Protobuf joins a message that is there twice.
        const list: AnyValue[] = listTag === 0x2a ? (value as AnyValue[]) : [];
        listInto(list, bytes, field.start, field.end, texts);
        value = list;
        break;
      }
      case 0x32: {
        const map: MutableMap = listTag === 0x32 ? (value as MutableMap) : emptyMap();
        mapInto(map, bytes, field.start, field.end, 0x0a, texts);
        value = map;
        break;
      }
      case 0x3a:
        value = bytes.slice(field.start, field.end);
        break;
      case 0x40:
        value = null;
        break;
      default:
        continue;
    }
    listTag = field.tag;
  }
  return value;
}

function listInto(list: AnyValue[], bytes: Uint8Array, start: number, end: number, texts: Texts): void {
  for (const field = new Fields(bytes, start, end); field.next(); ) {
    if (field.tag === 0x0a) list.push(valueAt(bytes, field.start, field.end, texts));
  }
}

/** Adds the KeyValues that are fields with this tag. Where a key is there twice, the last one counts. */
export function mapInto(
  map: MutableMap,
  bytes: Uint8Array,
  start: number,
  end: number,
  tag: number,
  texts: Texts,
): void {
  for (const field = new Fields(bytes, start, end); field.next(); ) {
    if (field.tag === tag) keyValueInto(map, bytes, field.start, field.end, texts);
  }
}

export function keyValueInto(map: MutableMap, bytes: Uint8Array, start: number, end: number, texts: Texts): void {
  const pair = new KeyValueAt(bytes, start, end);
  map[texts.at(bytes, pair.keyStart, pair.keyEnd)] = pair.value(texts);
}

/** Where key and value of one KeyValue are. */
export class KeyValueAt {
  private readonly bytes: Uint8Array;
  private readonly start: number;
  private readonly end: number;
  keyStart = 0;
  keyEnd = 0;
  private valueStart = 0;
  private valueEnd = 0;
  private values = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    for (const field = new Fields(bytes, start, end); field.next(); ) {
      if (field.tag === 0x0a) {
        this.keyStart = field.start;
        this.keyEnd = field.end;
      } else if (field.tag === 0x12) {
        this.valueStart = field.start;
        this.valueEnd = field.end;
        this.values++;
      }
    }
  }

  value(texts: Texts): AnyValue {
    if (this.values < 2) return valueAt(this.bytes, this.valueStart, this.valueEnd, texts);
    const joined = joinFields(this.bytes, this.start, this.end, 0x12);
    return valueAt(joined, 0, joined.length, texts);
  }
}

/** A message that is there more than once is one message: the bytes of all, one after the other. */
export function joinFields(bytes: Uint8Array, start: number, end: number, tag: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const field = new Fields(bytes, start, end); field.next(); ) {
    if (field.tag !== tag) continue;
    parts.push(bytes.subarray(field.start, field.end));
    size += field.end - field.start;
  }
  const joined = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Writes an AnyValue message without its length. What is no AnyValue (a function, a symbol) becomes the empty value. */
export function writeValue(writer: Writer, value: AnyValue | undefined, depth: number): void {
  switch (typeof value) {
    case "string":
      writer.byte(0x0a);
      writer.text(value);
      return;
    case "number":
      writeNumber(writer, value);
      return;
    case "boolean":
      writer.byte(0x10);
      writer.byte(value ? 1 : 0);
      return;
    case "bigint":
      writeBigint(writer, value);
      return;
    case "object":
      if (value !== null) writeObject(writer, value, depth);
  }
}

function writeNumber(writer: Writer, value: number): void {
  if (Number.isSafeInteger(value) && !(value === 0 && 1 / value < 0)) {
    writer.byte(0x18);
    if (value >= 0) writer.varint(value);
    else writer.varint64(BigInt(value));
  } else {
    writer.byte(0x21);
    writer.doubleValue(value);
  }
}

/** What no int64 holds becomes its decimal text, as the OTel attribute mapping has it. */
function writeBigint(writer: Writer, value: bigint): void {
  if (BigInt.asIntN(64, value) === value) {
    writer.byte(0x18);
    writer.varint64(value);
  } else {
    writer.byte(0x0a);
    writer.text(value.toString());
  }
}

function writeObject(writer: Writer, value: Uint8Array | readonly AnyValue[] | AnyMap, depth: number): void {
  if (value instanceof Uint8Array) {
    writer.byte(0x3a);
    writer.varint(value.length);
    writer.raw(value);
    return;
  }
  if (depth === 0)
    throw new OtlpError("DEVMUX_OTLP_TOO_DEEP", "expected a value with fewer arrays and maps inside each other");
  const isList = Array.isArray(value);
  writer.byte(isList ? 0x2a : 0x32);
  const list = writer.begin(64);
  if (isList) {
    for (const element of value as readonly AnyValue[]) {
      writer.byte(0x0a);
      const begun = writer.begin(64);
      writeValue(writer, element, depth - 1);
      writer.end(begun);
    }
  } else {
    const map = value as AnyMap;
    for (const key of Object.keys(map)) writeKeyValue(writer, 0x0a, key, map[key], depth - 1);
  }
  writer.end(list);
}

/** Writes a field with this tag: a KeyValue. `depth`: arrays and maps that its value may have inside each other. */
export function writeKeyValue(
  writer: Writer,
  tag: number,
  key: string,
  value: AnyValue | undefined,
  depth: number,
): void {
  writer.byte(tag);
  const long = typeof value === "string" ? value.length : 0;
  const pair = writer.begin(key.length + long + 6);
  writer.byte(0x0a);
  writer.text(key);
  writer.byte(0x12);
  const begun = writer.begin(long + 2);
  writeValue(writer, value, depth);
  writer.end(begun);
  writer.end(pair);
}
