// Console calls and errors as OTel log records.

import {
  ATTR_BROWSER_CONSOLE_METHOD,
  ATTR_CODE_COLUMN_NUMBER,
  ATTR_CODE_FILE_PATH,
  ATTR_CODE_FUNCTION_NAME,
  ATTR_CODE_LINE_NUMBER,
  ATTR_CODE_STACKTRACE,
  ATTR_DEVMUX_CONSOLE_ARGUMENTS,
  ATTR_DEVMUX_CONSOLE_GROUP_DEPTH,
  ATTR_DEVMUX_CONSOLE_TEMPLATE,
  ATTR_DEVMUX_EXCEPTION_DETAILS,
  ATTR_DEVMUX_EXCEPTION_MECHANISM,
  ATTR_DEVMUX_EXCEPTION_UNHANDLED,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  consoleSeverity,
  EVENT_BROWSER_CONSOLE,
  EVENT_EXCEPTION,
  uncaughtSeverity,
} from "@chriscode/devmux-telemetry-protocol";
import type { Attributes, LogRecord } from "@opentelemetry/api";
import type { ConsoleCall } from "../capture/console.ts";
import type { CallSite } from "../capture/site.ts";
import { callerOf, stackOf } from "../capture/site.ts";
import type { UncaughtError } from "../capture/uncaught.ts";
import { isError, ownErrorKeys, readException } from "../values/error.ts";
import { formatArguments } from "../values/format.ts";
import { createBudget, inspect } from "../values/inspect.ts";
import type { ValueLimits } from "../values/limits.ts";
import type { SafeValue } from "../values/safe.ts";
import type { Frame } from "../values/stack.ts";
import { parseFrames } from "../values/stack.ts";
import { cut } from "../values/text.ts";

/** A record, what it carries past OTel's own copying, and where it was made. */
export interface Capture {
  readonly record: LogRecord;
  /** Set on the record as they are: OTel's attribute copy loses a key named `__proto__`. */
  readonly data?: { readonly [key: string]: SafeValue };
  /** Read when the record leaves. */
  readonly site?: CallSite;
  readonly withStack?: boolean;
}

export function captureOfCall(call: ConsoleCall, limits: ValueLimits): Capture {
  const { text, template, args, error } = formatArguments(
    call.args,
    call.depth === undefined ? limits : { ...limits, depth: Math.min(call.depth, limits.depth) },
  );
  const severity = consoleSeverity[call.level];
  const attributes: Attributes = { [ATTR_BROWSER_CONSOLE_METHOD]: call.method };
  if (call.groupDepth > 0) attributes[ATTR_DEVMUX_CONSOLE_GROUP_DEPTH] = call.groupDepth;
  if (template !== undefined) attributes[ATTR_DEVMUX_CONSOLE_TEMPLATE] = template;
  if (error !== undefined) addException(attributes, error, limits);
  return {
    record: {
      timestamp: Date.now(),
      severityNumber: severity.number,
      severityText: severity.text,
      eventName: EVENT_BROWSER_CONSOLE,
      body: text,
      attributes,
    },
    ...(args !== undefined && { data: { [ATTR_DEVMUX_CONSOLE_ARGUMENTS]: args } }),
    site: call.site,
    ...(call.withStack && { withStack: true }),
  };
}

export function captureOfError(uncaught: UncaughtError, limits: ValueLimits): Capture {
  const { thrown, mechanism } = uncaught;
  const attributes: Attributes = {
    [ATTR_DEVMUX_EXCEPTION_UNHANDLED]: true,
    [ATTR_DEVMUX_EXCEPTION_MECHANISM]: mechanism,
  };
  const data: { [key: string]: SafeValue } = {};
  let body: string;
  let frame: Frame | undefined;
  if (isError(thrown)) {
    const { type, message, stack } = addException(attributes, thrown, limits);
    body = message === "" ? type : `${type}: ${message}`;
    frame = parseFrames(stack ?? "", 1)[0];
    if (ownErrorKeys(thrown).length > 0)
      data[ATTR_DEVMUX_EXCEPTION_DETAILS] = inspect(thrown, createBudget(limits)).value;
  } else {
    const { text, value } = inspect(thrown, createBudget(limits));
    // Of another origin's script, and of what the browser itself reports, there is only the message.
    const isUnseen = (thrown === undefined || thrown === null) && uncaught.message !== undefined;
    body = isUnseen ? cut(uncaught.message, limits.stringLength) : `Uncaught ${text}`;
    attributes[ATTR_EXCEPTION_TYPE] = isUnseen ? "Error" : typeNameOf(thrown);
    attributes[ATTR_EXCEPTION_MESSAGE] = body.replace(/^Uncaught /, "");
    if (typeof thrown === "object" && thrown !== null) data[ATTR_DEVMUX_EXCEPTION_DETAILS] = value;
  }
  if (uncaught.file !== undefined) {
    frame ??= { file: uncaught.file, line: uncaught.line ?? 0, column: uncaught.column ?? 0 };
  }
  if (frame !== undefined) Object.assign(attributes, locationOf(frame));
  return {
    record: {
      timestamp: Date.now(),
      severityNumber: uncaughtSeverity.number,
      severityText: uncaughtSeverity.text,
      eventName: EVENT_EXCEPTION,
      body,
      attributes,
    },
    data,
  };
}

/** The attributes that are worked out when a record leaves. */
export function attributesOfSite(site: CallSite, withStack: boolean): Attributes {
  const frame = callerOf(site);
  return {
    ...(frame !== undefined && locationOf(frame)),
    ...(withStack && { [ATTR_CODE_STACKTRACE]: stackOf(site) }),
  };
}

function locationOf(frame: Frame): Attributes {
  return {
    [ATTR_CODE_FILE_PATH]: frame.file,
    [ATTR_CODE_LINE_NUMBER]: frame.line,
    [ATTR_CODE_COLUMN_NUMBER]: frame.column,
    ...(frame.function !== undefined && { [ATTR_CODE_FUNCTION_NAME]: frame.function }),
  };
}

function addException(attributes: Attributes, error: object, limits: ValueLimits): ReturnType<typeof readException> {
  const exception = readException(error, limits);
  attributes[ATTR_EXCEPTION_TYPE] = exception.type;
  attributes[ATTR_EXCEPTION_MESSAGE] = exception.message;
  if (exception.stack !== undefined) attributes[ATTR_EXCEPTION_STACKTRACE] = exception.stack;
  return exception;
}

/** For what is no Error: `string`, `number`, `Object`, `null`. */
function typeNameOf(thrown: unknown): string {
  if (thrown === null) return "null";
  return typeof thrown === "object" ? "Object" : typeof thrown;
}
