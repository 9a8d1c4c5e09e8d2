// What expressions do with values: types, comparison, conversion. nil is `null`; a missing attribute reads as nil.

import type { AnyMap, AnyValue } from "@chriscode/devmux-telemetry-protocol";
import type { Comparison, Key } from "./syntax.ts";

export type TypeName = "nil" | "string" | "bool" | "int" | "double" | "bytes" | "list" | "map";

/** A double with no fraction reads as int: OTLP's two kinds of numbers are one in memory. */
export function typeOf(value: AnyValue): TypeName {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return Number.isInteger(value) ? "int" : "double";
    default:
      if (value === null) return "nil";
      if (value instanceof Uint8Array) return "bytes";
      return Array.isArray(value) ? "list" : "map";
  }
}

export function isNumber(value: AnyValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

export function isList(value: AnyValue): value is readonly AnyValue[] {
  return Array.isArray(value);
}

export function isMap(value: AnyValue): value is AnyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** A map of which any key is just a key: no prototype stands behind it. */
export function emptyMap(): { [key: string]: AnyValue } {
  return Object.create(null) as { [key: string]: AnyValue };
}

/** Values of different types are not equal; int and double compare by number. */
export function equals(a: AnyValue, b: AnyValue): boolean {
  if (a === b) return true;
  // biome-ignore lint/suspicious/noDoubleEquals: the one comparison that takes a number and a bigint
  if (isNumber(a) && isNumber(b)) return a == b;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  }
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) && a.length === b.length && a.every((item, index) => equals(item, b[index]!));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equals(a[key]!, b[key]!))
  );
}

export type Compare = (a: AnyValue, b: AnyValue) => boolean;

/** `<` and its kin hold between two numbers or two strings, and between nothing else. */
export const comparisons: Readonly<Record<Comparison, Compare>> = {
  "==": equals,
  "!=": (a, b) => !equals(a, b),
  "<": (a, b) => order(a, b) < 0,
  "<=": (a, b) => order(a, b) <= 0,
  ">": (a, b) => order(a, b) > 0,
  ">=": (a, b) => order(a, b) >= 0,
};

/** Below, at or above 0; NaN, which every comparison denies, where there is no order. */
function order(a: AnyValue, b: AnyValue): number {
  if ((isNumber(a) && isNumber(b)) || (typeof a === "string" && typeof b === "string")) {
    return a < b ? -1 : a > b ? 1 : equals(a, b) ? 0 : Number.NaN;
  }
  return Number.NaN;
}

/** The value at a key of a map or an index of a list; nil where there is none. */
export function valueAt(value: AnyValue, key: Key): AnyValue {
  if (typeof key === "number") return isList(value) ? (value[key] ?? null) : null;
  return isMap(value) && Object.hasOwn(value, key) ? value[key]! : null;
}

/** A number that is exact where it can be, else a bigint. */
export function safeInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A string as it is, any other value as JSON writes it (bytes in base64); nil stays nil. */
export function toText(value: AnyValue): string | null {
  if (value === null || typeof value === "string") return value;
  return typeof value === "object" ? toJson(value) : String(value);
}

function toJson(value: AnyValue): string {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  if (isList(value)) return `[${value.map(toJson).join(",")}]`;
  if (!isMap(value)) return JSON.stringify(value) ?? "null";
  const pairs = Object.keys(value).map((key) => `${JSON.stringify(key)}:${toJson(value[key]!)}`);
  return `{${pairs.join(",")}}`;
}

/**
 * Throws where a value has more than `maxDepth` arrays and maps inside each other or more than `maxValues` values in all: what
 * it is called with when that is so. Walks without recursion, because parsed JSON may be nested a million deep.
 */
export function checkSize(value: AnyValue, maxDepth: number, maxValues: number, fail: (what: string) => never): void {
  let level: AnyValue[] = [value];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    const next: AnyValue[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null || item instanceof Uint8Array) continue;
      for (const inner of Object.values(item as AnyMap)) next.push(inner);
    }
    values += level.length;
    if (values > maxValues) fail(`expected at most ${maxValues} values inside each other`);
    if (depth > maxDepth) fail(`expected at most ${maxDepth} lists and maps inside each other`);
    level = next;
  }
}
