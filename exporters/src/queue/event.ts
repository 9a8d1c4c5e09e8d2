// A record as a TriggerEvent: the line of the queue that people and coding agents work off.

import { hash } from "node:crypto";
import {
  type AnyMap,
  ATTR_DEVMUX_PATTERN,
  type LogRecord,
  type QueueSeverity,
  queueSeverity,
} from "@chriscode/devmux-telemetry-protocol";
import { exceptionOf, exceptionText, isConsole, isUnhandledRejection, stackOf, textOf } from "../record/fields.ts";
import { textOfValue } from "../text/value.ts";
import { createUuids } from "./uuid.ts";

/** One of these three, or the pattern by which a receiver knew a line of output: letters, digits and `-`. */
export type EventPattern = "telemetry-console" | "telemetry-error" | "telemetry-unhandled-rejection" | (string & {});

export interface TriggerEvent {
  /** A UUID; the same for the same record, however often it is sent. */
  readonly id: string;
  /** When it happened, by the client's clock. ISO 8601, UTC. */
  readonly timestamp: string;
  /** `telemetry:<stream>` */
  readonly source: string;
  /** The stream. */
  readonly service: string;
  readonly project: string;
  readonly severity: QueueSeverity;
  readonly pattern: EventPattern;
  readonly rawContent: string;
  /** The stream's last records before an error, the oldest first: `<time> <severity> <text>`. */
  readonly context: readonly string[];
  readonly stackTrace?: readonly string[];
  /** As the line says it: `pending`, where nobody has edited it. What it is now is the fold of the line and its patches. */
  readonly status: string;
  /** The same for the same content, whenever it happens. */
  readonly contentHash: string;
  /** When the collector saw this content first, by its own clock. ISO 8601, UTC. */
  readonly firstSeen: string;
  /** It did not fit into a line: text or stack are cut. */
  readonly truncated?: boolean;
}

/** What an event says, before it is one: the same content twice is the same content. */
export interface Content {
  readonly severity: QueueSeverity;
  readonly pattern: EventPattern;
  readonly rawContent: string;
  /** "" where there is none. */
  readonly stack: string;
  readonly contentHash: string;
}

const randomId = createUuids();
const hashChars = 16;
/** What a receiver that reads output says knew the line. */
const patternName = /^[a-z][a-z0-9-]{0,63}$/;

export function contentOf(record: LogRecord, attributes: AnyMap, stream: string): Content {
  const severity = queueSeverity(record.severityNumber);
  const exception = exceptionOf(attributes);
  const printed = exception === undefined || isConsole(record, attributes);
  const usual = printed
    ? "telemetry-console"
    : isUnhandledRejection(attributes)
      ? "telemetry-unhandled-rejection"
      : "telemetry-error";
  const named = textOf(attributes, ATTR_DEVMUX_PATTERN);
  const pattern = patternName.test(named) ? named : usual;
  const text = textOfValue(record.body);
  const rawContent = exception !== undefined && (!printed || text === "") ? exceptionText(exception) : text;
  const stack = stackOf(attributes);
  const contentHash = hash("sha256", `${hashHead(stream, severity, pattern)}${rawContent}\0${stack}`).slice(
    0,
    hashChars,
  );
  return { severity, pattern, rawContent, stack, contentHash };
}

/** Of the last content: most of what follows begins the same. */
let lastHead = { stream: "", severity: "", pattern: "", text: "" };

function hashHead(stream: string, severity: QueueSeverity, pattern: EventPattern): string {
  if (stream !== lastHead.stream || severity !== lastHead.severity || pattern !== lastHead.pattern)
    lastHead = { stream, severity, pattern, text: `${stream}\0${severity}\0${pattern}\0` };
  return lastHead.text;
}

/** `identity` is the record's ("" where it has none) and tells it from all others of its stream. */
export function eventId(stream: string, identity: string): string {
  if (identity === "") return randomId();
  const digits = hash("sha256", `${stream}\0${identity}`);
  // RFC 9562, version 8: made by a rule of our own.
  const variant = ((Number.parseInt(digits[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
