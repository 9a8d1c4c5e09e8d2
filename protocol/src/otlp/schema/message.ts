// A table of a message's fields: what the checker, the JSON reader and the JSON writer walk.

import { FieldNames } from "./names.ts";

export type Kind =
  | "string"
  | "bytes"
  /** Bytes that OTLP/JSON writes in hex, with the length they must have to mean something. */
  | "traceId"
  | "spanId"
  | "bool"
  | "enum"
  | "int32"
  | "uint32"
  | "sint32"
  | "int64"
  | "uint64"
  | "fixed32"
  | "fixed64"
  | "sfixed64"
  | "double"
  | "message";

export interface Field {
  readonly number: number;
  readonly name: string;
  readonly kind: Kind;
  readonly repeated: boolean;
  /** One of those fields of a message of which only the last one counts. */
  readonly oneof: boolean;
  /** It can be there with its default value: of a oneof, or `optional`. */
  readonly explicit: boolean;
  readonly wireType: number;
  /** Tag of one value, not packed. */
  readonly tag: number;
  /** For kind "message". */
  readonly message: Message | undefined;
}

export interface Message {
  readonly name: string;
  readonly fields: readonly Field[];
  /** By field number; holes are unknown fields. */
  readonly byNumber: readonly (Field | undefined)[];
  /** By JSON name. */
  readonly names: FieldNames;
}

export type FieldSpec = readonly [
  name: string,
  number: number,
  kind: Kind | Message | (() => Message),
  rule?: "repeated" | "oneof" | "optional",
];

export const varint = 0;
export const fixed64 = 1;
export const lengthDelimited = 2;
export const fixed32 = 5;

export function wireTypeOf(kind: Kind): number {
  switch (kind) {
    case "bool":
    case "enum":
    case "int32":
    case "uint32":
    case "sint32":
    case "int64":
    case "uint64":
      return varint;
    case "fixed64":
    case "sfixed64":
    case "double":
      return fixed64;
    case "fixed32":
      return fixed32;
    default:
      return lengthDelimited;
  }
}

/** `specs` may name messages that do not exist yet (`() => AnyValue`): they are looked up when first walked. */
export function message(name: string, ...specs: readonly FieldSpec[]): Message {
  const fields = specs.map(fieldOf);
  const byNumber: (Field | undefined)[] = [];
  for (const field of fields) byNumber[field.number] = field;
  return { name, fields, byNumber: Array.from(byNumber), names: new FieldNames(fields) };
}

function fieldOf([name, number, type, rule]: FieldSpec): Field {
  const kind = typeof type === "string" ? type : "message";
  const wireType = wireTypeOf(kind);
  const common = {
    number,
    name,
    kind,
    repeated: rule === "repeated",
    oneof: rule === "oneof",
    explicit: rule === "oneof" || rule === "optional",
    wireType,
    tag: number * 8 + wireType,
  };
  if (typeof type === "function") {
    return {
      ...common,
      get message(): Message {
        return type();
      },
    };
  }
  return { ...common, message: typeof type === "string" ? undefined : type };
}
