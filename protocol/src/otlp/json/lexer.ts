// JSON's tokens, straight from bytes: a value that is not needed is passed over, and none becomes an object.

import { faultAt, type OtlpError } from "../errors.ts";
import { strictText, textAt } from "../wire/utf8.ts";
import { endOfPlainText } from "./scan.ts";

export const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
const minus = 0x2d;
const plus = 0x2b;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;

/** Integers that a number may round and 64 bits may hold. */
const wideInteger = /^-?\d{16,20}$/;

export class Lexer {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  pos = 0;
  private isUtf8 = false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // A byte order mark is no part of the text.
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.pos = 3;
    this.space();
  }

  get isAtQuote(): boolean {
    return this.bytes[this.pos] === quote;
  }

  space(): void {
    const { bytes } = this;
    let code = bytes[this.pos];
    while (code === 32 || code === 10 || code === 13 || code === 9) code = bytes[++this.pos];
  }

  /** At an object: whether it has a member, which is then at hand. */
  enterObject(): boolean {
    return this.enter(closeObject);
  }

  enterArray(): boolean {
    return this.enter(closeArray);
  }

  private enter(close: number): boolean {
    this.pos++;
    this.space();
    if (this.bytes[this.pos] !== close) return true;
    this.pos++;
    return false;
  }

  get atObject(): boolean {
    return this.bytes[this.pos] === openObject;
  }

  get atArray(): boolean {
    return this.bytes[this.pos] === openArray;
  }

  /** After a member: whether there is another, which is then at hand. */
  anotherMember(): boolean {
    return this.another(closeObject);
  }

  anotherElement(): boolean {
    return this.another(closeArray);
  }

  private another(close: number): boolean {
    const { bytes } = this;
    if (bytes[this.pos]! <= 32) this.space();
    const code = bytes[this.pos];
    if (code === comma) {
      this.pos++;
      if (bytes[this.pos]! <= 32) this.space();
      return true;
    }
    if (code !== close) throw this.unexpected(`"," or "${String.fromCharCode(close)}"`);
    this.pos++;
    return false;
  }

  /** After a key: to its value. */
  colon(): void {
    const { bytes } = this;
    if (bytes[this.pos] !== colon) {
      this.space();
      if (bytes[this.pos] !== colon) throw this.unexpected('":"');
    }
    this.pos++;
    if (bytes[this.pos]! <= 32) this.space();
  }

  /** Takes `null`, if that is at hand. */
  takeNull(): boolean {
    if (this.bytes[this.pos] !== 0x6e) return false;
    this.literal("null");
    return true;
  }

  /** Where the text at hand ends: at its closing quote. */
  endOfText(): number {
    const { bytes } = this;
    if (bytes[this.pos] !== quote) throw this.unexpected("a string");
    let at = this.pos + 1;
    for (;;) {
      at = endOfPlainText(bytes, this.view, at);
      const code = bytes[at];
      if (code === quote) return at;
      if (code === undefined || code < 32) throw this.unexpectedAt(at, "a character of a string");
      if (code > 127) this.checkUtf8();
      else at = this.escape(at);
      at++;
    }
  }

  /** Checks the escape at `at`; where its last byte is. */
  private escape(at: number): number {
    const { bytes } = this;
    const code = bytes[at + 1];
    if (code === 0x75) {
      for (let i = at + 2; i < at + 6; i++)
        if (!isHexDigit(bytes[i])) throw this.unexpectedAt(i, "a hex digit of an escape");
      return at + 5;
    }
    // " \ / b f n r t
    if (code === undefined || !'"\\/bfnrt'.includes(String.fromCharCode(code)))
      throw this.unexpectedAt(at + 1, "an escape");
    return at + 1;
  }

  /** Text in a script other than ASCII is checked once, for the whole request. */
  checkUtf8(): void {
    if (this.isUtf8) return;
    try {
      strictText(this.bytes);
    } catch {
      throw faultAt("DEVMUX_OTLP_JSON_SYNTAX", this.pos, "expected UTF-8, got other bytes in a request with a string");
    }
    this.isUtf8 = true;
  }

  /** A string, number or boolean as a value, an integer that a number would round as a bigint; undefined at an object or array. */
  scalar(): string | number | bigint | boolean | undefined {
    const { bytes } = this;
    const start = this.pos;
    switch (bytes[start]) {
      case quote: {
        const end = this.endOfText();
        this.pos = end + 1;
        const text = textAt(bytes, start, end + 1);
        return text.includes("\\") ? (JSON.parse(text) as string) : text.slice(1, -1);
      }
      case 0x74:
        this.literal("true");
        return true;
      case 0x66:
        this.literal("false");
        return false;
      case openObject:
      case openArray:
        return undefined;
      default: {
        this.number();
        const text = textAt(bytes, start, this.pos);
        const value = Number(text);
        return Number.isSafeInteger(value) || !wideInteger.test(text) ? value : BigInt(text);
      }
    }
  }

  skipKey(): void {
    this.pos = this.endOfText() + 1;
    this.colon();
  }

  /** Whether the key at `at`, which has been passed, has an escape in it. */
  hasEscape(at: number): boolean {
    for (let i = at; i < this.pos; i++) if (this.bytes[i] === 0x5c) return true;
    return false;
  }

  /** The key at `at` as text. */
  keyAt(at: number): string {
    const after = this.pos;
    this.pos = at;
    const end = this.endOfText();
    this.pos = after;
    return JSON.parse(textAt(this.bytes, at, end + 1)) as string;
  }

  /** Passes over a value that is no object or array. */
  skipScalar(): void {
    switch (this.bytes[this.pos]) {
      case quote:
        this.pos = this.endOfText() + 1;
        return;
      case 0x74:
        return this.literal("true");
      case 0x66:
        return this.literal("false");
      case 0x6e:
        return this.literal("null");
      default:
        this.number();
    }
  }

  private literal(text: string): void {
    for (let i = 0; i < text.length; i++) {
      if (this.bytes[this.pos + i] !== text.charCodeAt(i)) throw this.unexpectedAt(this.pos + i, `"${text}"`);
    }
    this.pos += text.length;
  }

  private number(): void {
    const { bytes } = this;
    let at = this.pos;
    if (bytes[at] === minus) at++;
    if (bytes[at] === zero) at++;
    else at = this.digits(at, "a value");
    if (bytes[at] === point) at = this.digits(at + 1, "a digit");
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      const sign = bytes[at + 1];
      at = this.digits(sign === minus || sign === plus ? at + 2 : at + 1, "a digit");
    }
    this.pos = at;
  }

  private digits(from: number, expected: string): number {
    const { bytes } = this;
    let at = from;
    while (bytes[at]! >= zero && bytes[at]! <= nine) at++;
    if (at === from) throw this.unexpectedAt(at, expected);
    return at;
  }

  /** Nothing may come after the request. */
  end(): void {
    this.space();
    if (this.pos < this.bytes.length) throw this.unexpected("the end of the text");
  }

  unexpected(expected: string): OtlpError {
    return this.unexpectedAt(this.pos, expected);
  }

  private unexpectedAt(at: number, expected: string): OtlpError {
    const got =
      at < this.bytes.length
        ? JSON.stringify(textAt(this.bytes, at, Math.min(at + 8, this.bytes.length)))
        : "the end of the text";
    return faultAt("DEVMUX_OTLP_JSON_SYNTAX", at, `expected ${expected}, got ${got}`);
  }
}

function isHexDigit(code: number | undefined): boolean {
  return code !== undefined && ((code >= zero && code <= nine) || ((code | 32) >= 0x61 && (code | 32) <= 0x66));
}
