// Values as OTLP has them.

import { keyValues } from "./encode-record.ts";

/** Levels of a value that are written. Our own captures have fewer; this ends a cycle in somebody else's. */
const maxDepth = 20;

/** An AnyValue. What OTLP has no form for is the empty value. Throws only where an accessor does. */
export function anyValue(value: unknown, depth = 0): object {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "number":
      // proto3's JSON: 64-bit integers are texts, and so is what JSON has no number for.
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { intValue: `${value}` };
      return { doubleValue: Number.isFinite(value) ? value : `${value}` };
    case "bigint":
      return { stringValue: `${value}` };
    case "object":
      if (value === null || depth > maxDepth) return {};
      if (value instanceof Uint8Array)
        return { bytesValue: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join("")) };
      if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => anyValue(item, depth + 1)) } };
      return {
        kvlistValue: { values: keyValues(value as { [key: string]: unknown }, (item) => anyValue(item, depth + 1)) },
      };
    default:
      return {};
  }
}
