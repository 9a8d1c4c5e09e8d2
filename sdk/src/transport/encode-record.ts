// A log record as OTLP/JSON text, once, when it is taken over: later nothing that the app does can change it.
//
// The official serializer writes a request of many records as bytes. Text frames, a buffer that drops single records
// and a record's identity need the text of one; and one record that cannot be written must not fail the others.

import { ATTR_LOG_RECORD_UID } from "@chriscode/devmux-telemetry-protocol";
import type { HrTime } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";

type Values = { readonly [key: string]: unknown };

/** A record of OTel, or as much of one as a marker has; without a resource it counts as one of the last that had. */
export type EncodableRecord = Partial<ReadableLogRecord> &
  Pick<ReadableLogRecord, "hrTime" | "hrTimeObserved" | "attributes">;

/** Levels of a value that are written. Our own captures have fewer; this ends a cycle in somebody else's. */
const maxDepth = 20;

/** One record, with its identity. */
export function encodeRecord(record: EncodableRecord, uid: string): string {
  const { hrTime, hrTimeObserved, severityNumber, severityText, eventName, body, spanContext, droppedAttributesCount } =
    record;
  return toJson({
    timeUnixNano: nanos(hrTime),
    observedTimeUnixNano: nanos(hrTimeObserved),
    severityNumber,
    severityText,
    eventName,
    body: body === undefined ? body : anyValue(body),
    attributes: keyValues({ ...record.attributes, [ATTR_LOG_RECORD_UID]: uid }),
    droppedAttributesCount: droppedAttributesCount || undefined,
    traceId: spanContext?.traceId,
    spanId: spanContext?.spanId,
    flags: spanContext?.traceFlags,
  });
}

/** Bytes of UTF-8, two too many for each sign of two units. Hermes had no TextEncoder for a long time. */
export function byteLength(text: string): number {
  return text.length + text.replace(/[\0-\x7f]+/g, "").length + text.replace(/[\0-\u07ff]+/g, "").length;
}

/** JSON keeps half of a surrogate pair (as an escape), UTF-8 has none, and one would spoil a whole request. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/(\\\\)|\\ud[89a-f]../g, (_, backslash?: string) => backslash ?? "\\ufffd");
}

export function keyValues(values: Values, depth = 0): unknown[] {
  const keys = Object.keys(values).filter((key) => values[key] !== undefined);
  return keys.map((key) => ({ key, value: anyValue(values[key], depth) }));
}

/** An AnyValue. What OTLP has no form for is the empty value. Throws only where an accessor does. */
export function anyValue(value: unknown, depth = 0): unknown {
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
      return { kvlistValue: { values: keyValues(value as Values, depth + 1) } };
    default:
      return {};
  }
}

/** Seconds and nanoseconds are two safe integers; their sum is none. */
function nanos([seconds, rest]: HrTime): string {
  return seconds > 0 ? seconds + String(rest).padStart(9, "0") : "0";
}
