// AnyValue from JavaScript to bytes.

import { OtlpError } from "../errors.ts";
import type { AnyMap, AnyValue } from "../value.ts";
import type { Writer } from "../wire/writer.ts";

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
      writer.end(begun, 64);
    }
  } else {
    const map = value as AnyMap;
    for (const key of Object.keys(map)) writeKeyValue(writer, 0x0a, key, map[key], depth - 1);
  }
  writer.end(list, 64);
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
  const expected = key.length + long + 6;
  const pair = writer.begin(expected);
  writer.byte(0x0a);
  writer.text(key);
  writer.byte(0x12);
  const begun = writer.begin(long + 2);
  writeValue(writer, value, depth);
  writer.end(begun, long + 2);
  writer.end(pair, expected);
}
