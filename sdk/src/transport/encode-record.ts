// A log record as OTLP/JSON text, once, when it is taken over: later nothing that the app does can change it.
//
// The official serializer writes a request of many records as bytes. Text frames, a buffer that drops single records
// and a record's identity need the text of one; and one record that cannot be written must not fail the others.

import { ATTR_DEVMUX_CONSOLE_ARGUMENTS, ATTR_LOG_RECORD_UID } from "@chriscode/devmux-telemetry-protocol";
import type { HrTime } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { cut, wellFormed } from "../values/text.ts";

/** Levels of a value that are written. The SDK's own captures have fewer; this ends a cycle in somebody else's. */
const maxDepth = 20;

/** At most `maxLength` characters: first the console's arguments go, then all but the beginning of the body. */
export function encodeRecord(record: ReadableLogRecord, uid: string, maxLength: number): string {
  const text = encode(record, uid);
  if (text.length <= maxLength) return text;
  const { [ATTR_DEVMUX_CONSOLE_ARGUMENTS]: _, ...attributes } = record.attributes;
  const shorter = encode({ ...fieldsOf(record), attributes }, uid);
  if (shorter.length <= maxLength) return shorter;
  const body = typeof record.body === "string" ? record.body : encodeValue(record.body, 0);
  const kept: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(attributes))
    kept[key] = typeof value === "string" ? cut(value, 1_024) : value;
  const least = encode({ ...fieldsOf(record), attributes: kept as typeof attributes, body: cut(body, 4_096) }, uid);
  if (least.length <= maxLength) return least;
  return encode({ ...fieldsOf(record), attributes: {}, body: cut(body, 1_024) }, uid);
}

/** A record's fields as a plain object: the SDK's own are accessors, which a spread leaves out. */
export function fieldsOf(record: ReadableLogRecord): ReadableLogRecord {
  const { hrTime, hrTimeObserved, severityNumber, severityText, body, eventName } = record;
  const { attributes, resource, instrumentationScope, spanContext, droppedAttributesCount } = record;
  return {
    hrTime,
    hrTimeObserved,
    attributes,
    resource,
    instrumentationScope,
    droppedAttributesCount,
    ...(severityNumber !== undefined && { severityNumber }),
    ...(severityText !== undefined && { severityText }),
    ...(body !== undefined && { body }),
    ...(eventName !== undefined && { eventName }),
    ...(spanContext !== undefined && { spanContext }),
  };
}

function encode(record: ReadableLogRecord, uid: string): string {
  const { severityNumber, severityText, body, eventName, spanContext, droppedAttributesCount } = record;
  let text = `{"timeUnixNano":"${nanos(record.hrTime)}","observedTimeUnixNano":"${nanos(record.hrTimeObserved)}"`;
  if (severityNumber !== undefined) text += `,"severityNumber":${Math.trunc(severityNumber) || 0}`;
  if (severityText !== undefined) text += `,"severityText":${quoted(severityText)}`;
  if (eventName !== undefined) text += `,"eventName":${quoted(eventName)}`;
  if (body !== undefined) text += `,"body":${encodeValue(body, 0)}`;
  text += `,"attributes":[{"key":"${ATTR_LOG_RECORD_UID}","value":{"stringValue":"${uid}"}}`;
  for (const key of Object.keys(record.attributes))
    if (key !== ATTR_LOG_RECORD_UID) text += `,${encodePair(key, record.attributes[key], 0)}`;
  text += "]";
  if (droppedAttributesCount > 0) text += `,"droppedAttributesCount":${droppedAttributesCount}`;
  if (spanContext !== undefined) {
    text += `,"traceId":${quoted(spanContext.traceId)},"spanId":${quoted(spanContext.spanId)},"flags":${spanContext.traceFlags}`;
  }
  return `${text}}`;
}

export function encodeAttributes(attributes: { readonly [key: string]: unknown }): string {
  const pairs = Object.keys(attributes).map((key) => encodePair(key, attributes[key], 0));
  return `[${pairs.join(",")}]`;
}

function encodePair(key: string, value: unknown, depth: number): string {
  return `{"key":${quoted(key)},"value":${encodeValue(value, depth)}}`;
}

/** An AnyValue. What OTLP has no form for is the empty value; never throws for data, only for hostile accessors. */
function encodeValue(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return `{"stringValue":${quoted(value)}}`;
    case "boolean":
      return `{"boolValue":${value}}`;
    case "number":
      return encodeNumber(value);
    case "bigint":
      return `{"stringValue":"${value}"}`;
    case "object":
      return value === null || depth > maxDepth ? "{}" : encodeObject(value, depth + 1);
    default:
      return "{}";
  }
}

function encodeNumber(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return `{"intValue":"${value}"}`;
  // proto3's JSON: what JSON has no number for is a text.
  return `{"doubleValue":${Number.isFinite(value) ? (Object.is(value, -0) ? "-0.0" : value) : `"${value}"`}}`;
}

function encodeObject(value: object, depth: number): string {
  if (Array.isArray(value))
    return `{"arrayValue":{"values":[${value.map((item) => encodeValue(item, depth)).join(",")}]}}`;
  if (value instanceof Uint8Array) return `{"bytesValue":"${base64(value)}"}`;
  const pairs: string[] = [];
  for (const key of Object.keys(value)) pairs.push(encodePair(key, (value as { [key: string]: unknown })[key], depth));
  return `{"kvlistValue":{"values":[${pairs.join(",")}]}}`;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function quoted(text: string): string {
  return JSON.stringify(wellFormed(text));
}

/** Seconds and nanoseconds are two safe integers; their sum is none. */
function nanos([seconds, rest]: HrTime): string {
  return seconds > 0 ? `${seconds}${String(rest).padStart(9, "0")}` : "0";
}
