// A body or an attribute's value as text: a string as it is, anything else as JSON would write it.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import { quote } from "./json.ts";

/** How a string is written, and a number for which JSON has no word. */
interface Words {
  readonly string: (text: string) => string;
  readonly odd: (word: string) => string;
}

/** Cleaned by whoever shows them. */
const forPeople: Words = { string: JSON.stringify, odd: String };
const forPrograms: Words = { string: quote, odd: (word) => `"${word}"` };

/** Batches are bounded in depth before they get here; this is where text stops whatever made the value. */
const maxDepth = 64;

export function textOfValue(value: AnyValue | undefined): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : jsonOf(value, 0, forPeople);
}

/** For programs: what JSON has no word for (an int64 beyond 2^53, NaN, Infinity) is a string, and what a terminal could obey is an escape. */
export function jsonOfValue(value: AnyValue | undefined): string {
  return value === undefined ? "null" : jsonOf(value, 0, forPrograms);
}

/** Bytes are base64. */
function jsonOf(value: AnyValue, depth: number, words: Words): string {
  switch (typeof value) {
    case "string":
      return words.string(value);
    case "boolean":
      return String(value);
    case "number":
      return Number.isFinite(value) ? String(value) : words.odd(String(value));
    case "bigint":
      return words.odd(String(value));
    default:
  }
  if (value === null) return "null";
  if (value instanceof Uint8Array)
    return JSON.stringify(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64"));
  if (depth >= maxDepth) return '"…"';
  if (isArray(value)) return `[${value.map((item) => jsonOf(item, depth + 1, words)).join(",")}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${words.string(key)}:${jsonOf(item, depth + 1, words)}`);
  return `{${pairs.join(",")}}`;
}

function isArray(value: AnyValue): value is readonly AnyValue[] {
  return Array.isArray(value);
}
