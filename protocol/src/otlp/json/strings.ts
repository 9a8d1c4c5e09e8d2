// JSON strings to UTF-8: most are copied as they are, the others lose their escapes.

import type { Writer } from "../wire/writer.ts";
import { Fault } from "./fault.ts";
import { type Lexer, quote } from "./lexer.ts";
import { endOfPlainText } from "./scan.ts";

const escapes: Readonly<Record<string, number>> = { '"': 0x22, "\\": 0x5c, "/": 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 };

/** Code of what the letter after a backslash means; 0 for none and for `u`. */
const escaped: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => escapes[String.fromCharCode(code)] ?? 0);

/** Writes length and bytes of the string at hand. Throws Fault for a lone surrogate, which UTF-8 cannot say. */
export function writeString(lexer: Lexer, writer: Writer): void {
  const { bytes } = lexer;
  const start = lexer.pos + 1;
  const plainEnd = endOfPlainText(bytes, lexer.view, start);
  if (bytes[plainEnd] === quote) {
    writer.varint(plainEnd - start);
    writer.copyView(lexer.view, start, plainEnd - start);
    lexer.pos = plainEnd + 1;
    return;
  }
  const end = lexer.endOfText();
  writer.reserve(end - start + 5);
  const begun = writer.begin(end - start);
  let from = start;
  let at = plainEnd;
  while (at < end) {
    const code = bytes[at]!;
    if (code !== 0x5c) {
      at = bytes[at]! > 127 ? at + 1 : endOfPlainText(bytes, lexer.view, at);
      continue;
    }
    writer.copyView(lexer.view, from, at - from);
    at = writeEscape(lexer, writer, at);
    from = at;
  }
  writer.copyView(lexer.view, from, end - from);
  writer.end(begun, end - start);
  lexer.pos = end + 1;
}

/** Writes the character of the escape at `at`; where the text goes on. */
function writeEscape(lexer: Lexer, writer: Writer, at: number): number {
  const { bytes } = lexer;
  const code = escaped[bytes[at + 1]!]!;
  if (code !== 0) {
    writer.byte(code);
    return at + 2;
  }
  const unit = hexUnit(bytes, at + 2);
  if (unit < 0xd800 || unit > 0xdfff) {
    writeCodePoint(writer, unit);
    return at + 6;
  }
  const low = bytes[at + 6] === 0x5c && bytes[at + 7] === 0x75 ? hexUnit(bytes, at + 8) : 0;
  if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) {
    throw new Fault("text without lone surrogates", String.fromCharCode(unit));
  }
  writeCodePoint(writer, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
  return at + 12;
}

/** The lexer has checked that there are four hex digits. */
function hexUnit(bytes: Uint8Array, at: number): number {
  return Number.parseInt(String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!), 16);
}

function writeCodePoint(writer: Writer, point: number): void {
  if (point < 0x80) {
    writer.byte(point);
    return;
  }
  if (point < 0x800) {
    writer.byte(0xc0 | (point >> 6));
  } else if (point < 0x10000) {
    writer.byte(0xe0 | (point >> 12));
    writer.byte(0x80 | ((point >> 6) & 63));
  } else {
    writer.byte(0xf0 | (point >> 18));
    writer.byte(0x80 | ((point >> 12) & 63));
    writer.byte(0x80 | ((point >> 6) & 63));
  }
  writer.byte(0x80 | (point & 63));
}
