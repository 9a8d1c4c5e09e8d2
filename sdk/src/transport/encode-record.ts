// A log record as OTLP/JSON text, once, when it is taken over: later nothing that the app does can change it.
//
// The official serializer writes a request of many records as bytes. Text frames, a buffer that drops single records
// and a record's identity need the text of one; and one record that cannot be written must not fail the others.

import { ATTR_LOG_RECORD_UID } from "@chriscode/devmux-telemetry-protocol";
import type { HrTime } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";

/** A value as OTLP's AnyValue: `{ stringValue }` … Throws only where an accessor does. */
export type ToAnyValue = (value: unknown) => object;

/** A record of OTel, or as much of one as a marker has; without a resource it counts as one of the last that had. */
export type EncodableRecord = Partial<ReadableLogRecord> &
  Pick<ReadableLogRecord, "hrTime" | "hrTimeObserved" | "attributes">;

/** One record, with its identity. */
export function encodeRecord(record: EncodableRecord, uid: string, anyValue: ToAnyValue): string {
  const { hrTime, hrTimeObserved, severityNumber, severityText, eventName, body, spanContext, droppedAttributesCount } =
    record;
  return toJson({
    timeUnixNano: nanos(hrTime),
    observedTimeUnixNano: nanos(hrTimeObserved),
    severityNumber,
    severityText,
    eventName,
    body: body === undefined ? body : anyValue(body),
    attributes: keyValues({ ...record.attributes, [ATTR_LOG_RECORD_UID]: uid }, anyValue),
    droppedAttributesCount: droppedAttributesCount || undefined,
    traceId: spanContext?.traceId,
    spanId: spanContext?.spanId,
    flags: spanContext?.traceFlags,
  });
}

/** Bytes of UTF-8, two too many for each sign of two units. Hermes had no TextEncoder for a long time. */
export function byteLength(text: string): number {
  const rest = text.replace(/[\0-\x7f]+/g, "");
  return text.length + rest.length + rest.replace(/[\0-\u07ff]+/g, "").length;
}

/** JSON keeps half of a surrogate pair (as an escape), UTF-8 has none, and one would spoil a whole request. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes("\\ud")) return text;
  return text.replace(/(\\\\)|\\ud[89a-f]../g, (_, backslash?: string) => backslash ?? "\\ufffd");
}

export function keyValues(values: { readonly [key: string]: unknown }, anyValue: ToAnyValue): object[] {
  const keys = Object.keys(values).filter((key) => values[key] !== undefined);
  return keys.map((key) => ({ key, value: anyValue(values[key]) }));
}

/** Seconds and nanoseconds are two safe integers; their sum is none. */
function nanos([seconds, rest]: HrTime): string {
  return seconds > 0 ? seconds + String(rest).padStart(9, "0") : "0";
}
