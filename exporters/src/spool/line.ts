// A record as a line of the spool. Timestamp and severity come first and always have the same place, so that a reader finds
// out whether it wants a line without parsing it.
//
//   {"timestamp":"2026-11-21T12:34:56.789Z","severityNumber":17,"severityText":"error","body":…,"attributes":{…},…}
//   {"timestamp":"2026-11-21T12:34:50.000Z","stream":"connected","service":"shop","platform":"browser"}

import type { AnyMap, LogRecord } from "@chriscode/devmux-telemetry-protocol";
import type { StreamIdentity } from "@chriscode/devmux-telemetry-server/component";
import { createIsoTime } from "../text/clock.ts";
import { jsonOfValue } from "../text/value.ts";
import { visibleJson } from "./json.ts";

/** One line, ended by LF. `from` is the stream's own name where the spool is not its own but shared. */
export type RecordLine = (record: LogRecord, attributes: AnyMap, from?: string) => string;

/** Attribute names are few and come again and again. */
const maxKeys = 1_024;

export function createRecordLine(): RecordLine {
  const time = createIsoTime();
  const keys = new Map<string, string>();

  function keyOf(key: string): string {
    let json = keys.get(key);
    if (json === undefined) {
      json = `${JSON.stringify(key)}:`;
      if (keys.size >= maxKeys) keys.clear();
      keys.set(key, json);
    }
    return json;
  }

  function attributesOf(attributes: AnyMap): string {
    let out = "";
    for (const key in attributes) out += `${out === "" ? "" : ","}${keyOf(key)}${jsonOfValue(attributes[key])}`;
    return out;
  }

  return (record, attributes, from) => {
    const { timeMs, severityNumber, severityText, eventName, traceId, spanId } = record;
    let line = `{"timestamp":"${time(timeMs)}","severityNumber":${severityNumber}`;
    if (severityText !== "") line += `,"severityText":${JSON.stringify(severityText)}`;
    line += `,"body":${jsonOfValue(record.body)}`;
    const inside = attributesOf(attributes);
    if (inside !== "") line += `,"attributes":{${inside}}`;
    if (eventName !== "") line += `,"eventName":${JSON.stringify(eventName)}`;
    if (traceId !== "") line += `,"traceId":"${traceId}"`;
    if (spanId !== "") line += `,"spanId":"${spanId}"`;
    if (from !== undefined) line += `,"from":${JSON.stringify(from)}`;
    return `${visibleJson(line)}}\n`;
  };
}

export type StreamEvent = "connected" | "disconnected";

/** Who came and went, between the records. */
export function eventLine(
  timeMs: number,
  event: StreamEvent,
  { service, platform }: Omit<StreamIdentity, "name">,
): string {
  const timestamp = new Date(timeMs).toISOString();
  return `${visibleJson(JSON.stringify({ timestamp, stream: event, service, platform }))}\n`;
}
