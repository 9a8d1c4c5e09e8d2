// A line of the spool as a reader gets it, and what can be seen of it without parsing.

import type { AnyMap, AnyValue } from "@chriscode/devmux-telemetry-protocol";
import type { StreamEvent } from "./line.ts";

export interface StoredRecord {
  readonly kind: "record";
  /** Unix milliseconds; 0 where the record had no time. */
  readonly timeMs: number;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AnyValue;
  readonly attributes: AnyMap;
  readonly eventName: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Whose record it is, where several streams share a spool. */
  readonly from: string | undefined;
}

export interface StoredEvent {
  readonly kind: "event";
  readonly timeMs: number;
  readonly event: StreamEvent;
  readonly service: string;
  readonly platform: string;
}

export type StoredLine = StoredRecord | StoredEvent;

/** undefined for a line that is none: torn by a crash, or written by someone else. */
export function parseStoredLine(line: string): StoredLine | undefined {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isMap(found) || typeof found.timestamp !== "string") return undefined;
  const timeMs = Date.parse(found.timestamp);
  if (Number.isNaN(timeMs)) return undefined;
  if (found.stream === "connected" || found.stream === "disconnected") {
    const { stream: event, service, platform } = found;
    return { kind: "event", timeMs, event, service: text(service), platform: text(platform) };
  }
  if (typeof found.severityNumber !== "number") return undefined;
  return {
    kind: "record",
    timeMs,
    severityNumber: found.severityNumber,
    severityText: text(found.severityText),
    body: (found.body ?? null) as AnyValue,
    attributes: (isMap(found.attributes) ? found.attributes : {}) as AnyMap,
    eventName: text(found.eventName),
    traceId: text(found.traceId),
    spanId: text(found.spanId),
    from: typeof found.from === "string" ? found.from : undefined,
  };
}

/** What every line that this program writes begins with. */
const beginning = /^\{"timestamp":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)",(?:"severityNumber":(\d{1,2}),)?/;

export interface Glimpse {
  /** ISO 8601 in UTC: compares as text. */
  readonly timestamp: string;
  /** undefined for a line that is no record. */
  readonly severityNumber: number | undefined;
}

/** undefined where the line has to be parsed. */
export function glimpseOf(line: string): Glimpse | undefined {
  const found = beginning.exec(line);
  if (found === null) return undefined;
  return { timestamp: found[1]!, severityNumber: found[2] === undefined ? undefined : Number(found[2]) };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
