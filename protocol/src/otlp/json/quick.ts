// The usual forms of scalars, from bytes to protobuf at once. Each answers false, and takes nothing, where the form is another.

import { type Field, fixed32 } from "../schema/message.ts";
import { type Halves, multiplyAdd } from "../wire/int64.ts";
import type { Writer } from "../wire/writer.ts";
import { type Lexer, quote } from "./lexer.ts";

/** Digits whose number is exact, and whose sum with one more digit still is. */
const exactDigits = 15;

/** Value of each hex digit by its code; 255 for what is none. */
const hexValues: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 255 : value;
});

/** Tag and value of a scalar that is no text; a default is passed over, as protobuf does. */
export function quickScalar(lexer: Lexer, writer: Writer, field: Field, halves: Halves): boolean {
  switch (field.kind) {
    case "fixed64":
      return quickFixed64(lexer, writer, field, halves);
    case "int64":
    case "enum":
    case "uint32":
    case "fixed32":
      return quickInteger(lexer, writer, field);
    case "bool":
      return quickBoolean(lexer, writer, field);
    case "traceId":
      return quickId(lexer, writer, field, 16);
    case "spanId":
      return quickId(lexer, writer, field, 8);
    default:
      return false;
  }
}

/** Digits in quotes, as times are written. */
function quickFixed64(lexer: Lexer, writer: Writer, field: Field, halves: Halves): boolean {
  const { bytes, pos } = lexer;
  if (bytes[pos] !== quote) return false;
  let head = 0;
  let at = pos + 1;
  let digit = bytes[at]! - 48;
  for (; digit >= 0 && digit <= 9 && at - pos <= 10; digit = bytes[++at]! - 48) head = head * 10 + digit;
  let tail = 0;
  let scale = 1;
  for (; digit >= 0 && digit <= 9 && at - pos <= 19; digit = bytes[++at]! - 48) {
    tail = tail * 10 + digit;
    scale *= 10;
  }
  // Up to 19 digits are below 2^64.
  if (bytes[at] !== quote || at === pos + 1) return false;
  multiplyAdd(head, scale, tail, halves);
  lexer.pos = at + 1;
  if (halves.lo === 0 && halves.hi === 0 && !field.explicit) return true;
  writer.varint(field.tag);
  writer.fixed64(halves);
  return true;
}

/** Few digits, in quotes or not. */
function quickInteger(lexer: Lexer, writer: Writer, field: Field): boolean {
  const { bytes, pos } = lexer;
  const quoted = bytes[pos] === quote;
  const start = quoted ? pos + 1 : pos;
  let at = start;
  let value = 0;
  for (let digit = bytes[at]! - 48; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48) value = value * 10 + digit;
  const digits = at - start;
  if (digits === 0 || digits > (field.kind === "int64" ? exactDigits : 9) || (bytes[start] === 48 && digits > 1))
    return false;
  const after = bytes[at];
  if (quoted ? after !== quote || field.kind === "enum" : after === 0x2e || after === 0x65 || after === 0x45)
    return false;
  lexer.pos = quoted ? at + 1 : at;
  if (value === 0 && !field.explicit) return true;
  writer.varint(field.tag);
  if (field.wireType === fixed32) writer.fixed32(value);
  else writer.varint(value);
  return true;
}

function quickBoolean(lexer: Lexer, writer: Writer, field: Field): boolean {
  const { view, pos } = lexer;
  if (pos + 5 > view.byteLength) return false;
  const word = view.getInt32(pos);
  const isTrue = word === 0x74727565;
  if (!isTrue && (word !== 0x66616c73 || lexer.bytes[pos + 4] !== 0x65)) return false;
  lexer.pos = pos + (isTrue ? 4 : 5);
  if (!isTrue && !field.explicit) return true;
  writer.varint(field.tag);
  writer.byte(isTrue ? 1 : 0);
  return true;
}

/** Hex digits of exactly this many bytes. */
function quickId(lexer: Lexer, writer: Writer, field: Field, length: number): boolean {
  const { bytes, pos } = lexer;
  if (bytes[pos] !== quote || bytes[pos + 1 + 2 * length] !== quote) return false;
  const before = writer.pos;
  writer.varint(field.tag);
  writer.byte(length);
  writer.reserve(length);
  let wrong = 0;
  for (let i = 0, at = pos + 1; i < length; i++, at += 2) {
    const high = hexValues[bytes[at]!]!;
    const low = hexValues[bytes[at + 1]!]!;
    wrong |= high | low;
    writer.bytes[writer.pos + i] = (high << 4) | low;
  }
  if (wrong > 15) {
    writer.pos = before;
    return false;
  }
  writer.pos += length;
  lexer.pos = pos + 2 + 2 * length;
  return true;
}
