// Scalar values of OTLP/JSON to protobuf: which forms each kind may have, and what they become.

import { type Field, type Kind, lengthDelimited } from "../schema/message.ts";
import { fromHex } from "../wire/hex.ts";
import { type Halves, parseUint64 } from "../wire/int64.ts";
import type { Writer } from "../wire/writer.ts";
import { fromBase64 } from "./base64.ts";
import { Fault } from "./fault.ts";

const minInt64 = -(2n ** 63n);
const maxInt64 = 2n ** 63n - 1n;
const maxUint64 = 2n ** 64n - 1n;

/** Values that protobuf leaves out. */
export function isDefault(value: unknown, { kind, wireType }: Field): boolean {
  if (wireType === lengthDelimited) return value === "";
  return kind === "bool" ? value === false : Object.is(value, 0) || value === "0";
}

export class ScalarWriter {
  private readonly writer: Writer;
  private readonly halves: Halves = { lo: 0, hi: 0 };

  constructor(writer: Writer) {
    this.writer = writer;
  }

  /** Tag and value. */
  field(value: unknown, field: Field): void {
    const { writer } = this;
    switch (field.kind) {
      case "traceId":
      case "spanId": {
        const bytes = typeof value === "string" ? fromHex(value) : undefined;
        if (bytes === undefined) throw new Fault("hex digits", value);
        // An id of another length is none, and the item is kept: OTLP data model.
        if (bytes.length !== (field.kind === "traceId" ? 16 : 8)) return;
        writer.varint(field.tag);
        writer.byte(bytes.length);
        writer.raw(bytes);
        return;
      }
      case "int64":
        if (field.oneof && isNoInt64(value)) {
          writer.byte(doubleValueTag);
          writer.doubleValue(Number(value));
          return;
        }
    }
    writer.varint(field.tag);
    this.value(value, field.kind);
  }

  /** The value alone, with its length where it has one. */
  value(value: unknown, kind: Kind): void {
    const { writer } = this;
    switch (kind) {
      case "string":
        // Strings are copied by themselves: see strings.ts.
        throw new Fault("a string", value);
      case "bytes": {
        const bytes = typeof value === "string" ? fromBase64(value) : undefined;
        if (bytes === undefined) throw new Fault("base64", value);
        writer.varint(bytes.length);
        writer.raw(bytes);
        return;
      }
      case "bool":
        if (typeof value !== "boolean") throw new Fault("true or false", value);
        writer.byte(value ? 1 : 0);
        return;
      case "enum":
        if (typeof value !== "number" || (value | 0) !== value) throw new Fault("the number of an enum value", value);
        this.signed(value);
        return;
      case "int32":
        this.signed(int32(value));
        return;
      case "sint32": {
        const number = int32(value);
        writer.varint(((number << 1) ^ (number >> 31)) >>> 0);
        return;
      }
      case "uint32":
        writer.varint(uint32(value));
        return;
      case "fixed32":
        writer.fixed32(uint32(value));
        return;
      case "double":
        writer.doubleValue(double(value));
        return;
      default:
        this.wide(value, kind);
    }
  }

  private signed(value: number): void {
    if (value >= 0) this.writer.varint(value);
    else this.writer.varint64(BigInt(value));
  }

  private wide(value: unknown, kind: Kind): void {
    const { writer, halves } = this;
    if (typeof value === "string" && kind === "fixed64" && parseUint64(value, halves)) {
      writer.fixed64(halves);
    } else if (typeof value === "number" && kind === "int64" && Number.isSafeInteger(value)) {
      this.signed(value);
    } else {
      const number = this.big(value, kind);
      if (kind === "fixed64" || kind === "sfixed64") writer.bigFixed64(number);
      else writer.varint64(number);
    }
  }

  private big(value: unknown, kind: Kind): bigint {
    const unsigned = kind === "fixed64" || kind === "uint64";
    let number: bigint | undefined;
    if (typeof value === "bigint") number = value;
    else if (typeof value === "number" && Number.isInteger(value)) {
      number = BigInt(value);
    } else if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) number = BigInt(value);
    if (number === undefined || number < (unsigned ? 0n : minInt64) || number > (unsigned ? maxUint64 : maxInt64)) {
      throw new Fault(unsigned ? "an unsigned 64-bit integer" : "a 64-bit integer", value);
    }
    return number;
  }
}

/** A number that no int64 holds: it keeps its value as a double. Official writers send 1e21 as an intValue. */
function isNoInt64(value: unknown): boolean {
  if (typeof value === "bigint") return value < minInt64 || value > maxInt64;
  return typeof value === "number" && !(Number.isInteger(value) && Math.abs(value) < 2 ** 63);
}

/** AnyValue.double_value. */
const doubleValueTag = 0x21;

function int32(value: unknown): number {
  const number = numberOf(value);
  if ((number | 0) !== number) throw new Fault("a 32-bit integer", value);
  return number;
}

function uint32(value: unknown): number {
  const number = numberOf(value);
  if (number >>> 0 !== number) throw new Fault("an unsigned 32-bit integer", value);
  return number;
}

function double(value: unknown): number {
  if (value === "NaN") return Number.NaN;
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-Infinity") return Number.NEGATIVE_INFINITY;
  if (typeof value === "bigint") return Number(value);
  const number = numberOf(value);
  if (Number.isNaN(number)) throw new Fault("a number", value);
  return number;
}

/** A JSON number, or the same as text; NaN for anything else. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? Number(value) : Number.NaN;
}
