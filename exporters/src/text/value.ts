// A body or an attribute's value as text: a string as it is, anything else as JSON would write it.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";

/** Batches are bounded in depth before they get here; this is where text stops whatever made the value. */
const maxDepth = 64;

export function textOfValue(value: AnyValue | undefined): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : jsonOf(value, 0, String);
}

/** For programs: what JSON has no word for (an int64 beyond 2^53, NaN, Infinity) is a string. */
export function jsonOfValue(value: AnyValue | undefined): string {
  return value === undefined ? "null" : jsonOf(value, 0, (word) => `"${word}"`);
}

/** Bytes are base64. `odd` writes a number that is none in JSON. */
function jsonOf(value: AnyValue, depth: number, odd: (word: string) => string): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
      return String(value);
    case "number":
      return Number.isFinite(value) ? String(value) : odd(String(value));
    case "bigint":
      return odd(String(value));
    default:
  }
  if (value === null) return "null";
  if (value instanceof Uint8Array)
    return JSON.stringify(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64"));
  if (depth >= maxDepth) return '"…"';
  if (isArray(value)) return `[${value.map((item) => jsonOf(item, depth + 1, odd)).join(",")}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${jsonOf(item, depth + 1, odd)}`);
  return `{${pairs.join(",")}}`;
}

function isArray(value: AnyValue): value is readonly AnyValue[] {
  return Array.isArray(value);
}
