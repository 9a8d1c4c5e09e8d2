// Protobuf to OTLP/JSON, by the schema's tables: hex ids, 64-bit integers as strings, enums as numbers, no unknown fields.

import { OtlpError } from "../errors.ts";
import { type Field, lengthDelimited, type Message } from "../schema/message.ts";
import { Fields, skipVarint } from "../wire/fields.ts";
import { hexAt } from "../wire/hex.ts";
import { int64At, low32At, uint64At } from "../wire/int64.ts";
import { textAt } from "../wire/utf8.ts";
import { toBase64 } from "./base64.ts";

type Json = { [name: string]: unknown };

/** Messages inside each other, of any kind: more than the bounds of values let in, and few for the stack. */
const maxNesting = 256;

export function toJsonText(bytes: Uint8Array, message: Message): string {
  const object: Json = {};
  readInto(object, message, bytes, 0, bytes.length, 0);
  return JSON.stringify(object);
}

function readInto(
  object: Json,
  message: Message,
  bytes: Uint8Array,
  start: number,
  end: number,
  nesting: number,
): void {
  if (nesting > maxNesting)
    throw new OtlpError("DEVMUX_OTLP_TOO_DEEP", `expected at most ${maxNesting} messages inside each other`);
  for (const wire = new Fields(bytes, start, end); wire.next(); ) {
    const field = message.byNumber[wire.tag >>> 3];
    if (field === undefined) continue;
    const wireType = wire.tag & 7;
    if (field.oneof) clearOneof(object, message, field);
    if (wireType !== field.wireType) {
      if (field.repeated && wireType === lengthDelimited)
        unpackInto(listIn(object, field), bytes, wire.start, wire.end, field);
    } else if (field.message !== undefined) {
      const inner: Json = field.repeated ? {} : ((object[field.name] as Json | undefined) ?? {});
      if (field.repeated) listIn(object, field).push(inner);
      else object[field.name] = inner;
      readInto(inner, field.message, bytes, wire.start, wire.end, nesting + 1);
    } else {
      const value = scalarAt(bytes, wire.start, wire.end, field);
      if (field.repeated) listIn(object, field).push(value);
      else object[field.name] = value;
    }
  }
}

function clearOneof(object: Json, message: Message, except: Field): void {
  for (const field of message.fields) if (field.oneof && field !== except) delete object[field.name];
}

function listIn(object: Json, field: Field): unknown[] {
  const known = object[field.name] as unknown[] | undefined;
  if (known !== undefined) return known;
  const list: unknown[] = [];
  object[field.name] = list;
  return list;
}

function unpackInto(list: unknown[], bytes: Uint8Array, start: number, end: number, field: Field): void {
  for (let at = start; at < end; ) {
    const next = field.wireType === 0 ? skipVarint(bytes, at, end) : at + (field.wireType === 5 ? 4 : 8);
    if (next > end) throw new OtlpError("DEVMUX_OTLP_TRUNCATED", `expected whole values of ${field.name}`, at);
    list.push(scalarAt(bytes, at, next, field));
    at = next;
  }
}

function scalarAt(bytes: Uint8Array, start: number, end: number, { kind }: Field): unknown {
  switch (kind) {
    case "string":
      return textAt(bytes, start, end);
    case "bytes":
      return toBase64(bytes.subarray(start, end));
    case "traceId":
    case "spanId":
      return hexAt(bytes, start, end);
    case "bool":
      return int64At(bytes, start, end) !== 0;
    case "enum":
    case "int32":
      return low32At(bytes, start, end);
    case "uint32":
      return low32At(bytes, start, end) >>> 0;
    case "sint32": {
      const value = low32At(bytes, start, end) >>> 0;
      return (value >>> 1) ^ -(value & 1);
    }
    case "int64":
      return String(int64At(bytes, start, end));
    case "uint64":
      return String(uint64At(bytes, start, end));
    default:
      return fixedAt(new DataView(bytes.buffer, bytes.byteOffset + start, end - start), kind);
  }
}

function fixedAt(view: DataView, kind: Field["kind"]): unknown {
  switch (kind) {
    case "fixed32":
      return view.getUint32(0, true);
    case "fixed64":
      return String(view.getBigUint64(0, true));
    case "sfixed64":
      return String(view.getBigInt64(0, true));
    default: {
      const value = view.getFloat64(0, true);
      // JSON has no text for these as numbers, and JSON.stringify none for -0.
      if (Object.is(value, -0)) return "-0";
      return Number.isFinite(value) ? value : String(value);
    }
  }
}
