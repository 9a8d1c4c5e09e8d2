// A record as a line of the spool. Timestamp and severity come first and always have the same place, so that a reader finds
// out whether it wants a line without parsing it.
//
//   {"timestamp":"2026-11-21T12:34:56.789Z","severityNumber":17,"severityText":"error","body":…,"attributes":{…},…}
//   {"timestamp":"2026-11-21T12:34:50.000Z","stream":"connected","service":"shop","platform":"browser"}

import type { AnyMap, LogRecord } from "@chriscode/devmux-telemetry-protocol";
import type { StreamIdentity } from "@chriscode/devmux-telemetry-server/component";
import { createIsoTime } from "../text/clock.ts";
import { jsonLine, quote } from "../text/json.ts";
import { jsonOfValue } from "../text/value.ts";

/** What more than one reads of a record, decoded once. */
export interface ReadRecord extends Pick<LogRecord, "timeMs" | "severityNumber" | "body"> {
  readonly attributes: AnyMap;
  /** Its stream's own name, where the spool is shared. */
  readonly from: string | undefined;
}

/** One line, ended by LF. `read` is of the record. */
export type RecordLine = (record: LogRecord, read: ReadRecord) => string;

/** Attribute names are few and come again and again. */
const maxKeys = 1_024;

export function createRecordLine(): RecordLine {
  const time = createIsoTime();
  const keys = new Map<string, string>();
  /** Of the last line: most of what follows says the same. */
  let severity = { number: -1, text: "", json: "" };

  function keyOf(key: string): string {
    let json = keys.get(key);
    if (json === undefined) {
      json = `${quote(key)}:`;
      if (keys.size >= maxKeys) keys.clear();
      keys.set(key, json);
    }
    return json;
  }

  /** From the end of the timestamp to the body. */
  function severityOf(number: number, text: string): string {
    if (number !== severity.number || text !== severity.text) {
      const shown = text === "" ? "" : `,"severityText":${quote(text)}`;
      severity = { number, text, json: `","severityNumber":${number}${shown},"body":` };
    }
    return severity.json;
  }

  function attributesOf(attributes: AnyMap): string {
    let out = "";
    for (const key in attributes) out += `${out === "" ? "" : ","}${keyOf(key)}${jsonOfValue(attributes[key])}`;
    return out;
  }

  return ({ severityText, eventName, traceId, spanId }, { timeMs, severityNumber, body, attributes, from }) => {
    let line = `{"timestamp":"${time(timeMs)}${severityOf(severityNumber, severityText)}${jsonOfValue(body)}`;
    const inside = attributesOf(attributes);
    if (inside !== "") line += `,"attributes":{${inside}}`;
    if (eventName !== "") line += `,"eventName":${quote(eventName)}`;
    if (traceId !== "") line += `,"traceId":"${traceId}"`;
    if (spanId !== "") line += `,"spanId":"${spanId}"`;
    if (from !== undefined) line += `,"from":${quote(from)}`;
    return `${line}}\n`;
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
  return jsonLine({ timestamp, stream: event, service, platform });
}
