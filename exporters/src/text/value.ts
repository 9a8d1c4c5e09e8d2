// A body or an attribute's value as text: a string as it is, anything else as JSON would write it.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";

/** Batches are bounded in depth before they get here; this is where text stops whatever made the value. */
const maxDepth = 64;

export function textOfValue(value: AnyValue | undefined): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : jsonOf(value, 0);
}

/** JSON, except that an int64 keeps all its digits, NaN and Infinity their names, and bytes are base64. */
function jsonOf(value: AnyValue, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    default:
  }
  if (value === null) return "null";
  if (value instanceof Uint8Array)
    return JSON.stringify(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64"));
  if (depth >= maxDepth) return '"…"';
  if (isArray(value)) return `[${value.map((item) => jsonOf(item, depth + 1)).join(",")}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${jsonOf(item, depth + 1)}`);
  return `{${pairs.join(",")}}`;
}

function isArray(value: AnyValue): value is readonly AnyValue[] {
  return Array.isArray(value);
}
