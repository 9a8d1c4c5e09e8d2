// A plan `log` message as an OTLP record.

import {
  ATTR_CODE_COLUMN_NUMBER,
  ATTR_CODE_FILE_PATH,
  ATTR_CODE_LINE_NUMBER,
  ATTR_DEVMUX_EXCEPTION_UNHANDLED,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  EVENT_EXCEPTION,
} from "../attributes.ts";
import type { AnyValue, LogRecordInit } from "../otlp/index.ts";
import type { ExceptionPayload, LogPayload, SourceLocation } from "./messages.ts";

type Attributes = { [key: string]: AnyValue | undefined };

/**
 * For a payload that `parseClientMessage` has passed. The body is whatever JSON it is; `source` becomes code.*,
 * `exception` exception.* (and the event `exception` where nobody caught it); both win over attributes of those names.
 */
export function logPayloadToRecord(payload: LogPayload): LogRecordInit {
  const time = payload.timestamp;
  const attributes = recordAttributes(payload);
  return {
    ...(Number.isInteger(time) ? { timeMs: time } : { timeUnixNano: BigInt(Math.round(time * 1000)) * 1000n }),
    severityNumber: payload.severityNumber,
    severityText: payload.severityText,
    body: (payload.body ?? null) as AnyValue,
    ...(attributes === undefined ? undefined : { attributes }),
    ...(payload.exception?.isUnhandled ? { eventName: EVENT_EXCEPTION } : undefined),
  };
}

function recordAttributes(payload: LogPayload): Attributes | undefined {
  const own = (payload.attributes ?? undefined) as Attributes | undefined;
  // The usual message has neither, and its attributes are passed on as they are.
  if (!payload.source && !payload.exception) return own;
  const attributes: Attributes = { ...own };
  if (payload.source) addSource(attributes, payload.source);
  if (payload.exception) addException(attributes, payload.exception);
  return attributes;
}

function addSource(attributes: Attributes, source: SourceLocation): void {
  if (source.file) attributes[ATTR_CODE_FILE_PATH] = source.file;
  if (typeof source.line === "number") attributes[ATTR_CODE_LINE_NUMBER] = source.line;
  if (typeof source.column === "number") attributes[ATTR_CODE_COLUMN_NUMBER] = source.column;
}

function addException(attributes: Attributes, exception: ExceptionPayload): void {
  attributes[ATTR_EXCEPTION_TYPE] = exception.type;
  attributes[ATTR_EXCEPTION_MESSAGE] = exception.message;
  if (exception.stacktrace) attributes[ATTR_EXCEPTION_STACKTRACE] = exception.stacktrace;
  if (typeof exception.isUnhandled === "boolean") attributes[ATTR_DEVMUX_EXCEPTION_UNHANDLED] = exception.isUnhandled;
}
