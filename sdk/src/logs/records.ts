// Console calls and errors as OTel log records.

import type { ConsoleLevel } from "@chriscode/devmux-telemetry-protocol";
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
  EVENT_BROWSER_CONSOLE,
  EVENT_EXCEPTION,
} from "@chriscode/devmux-telemetry-protocol";
import type { AnyValue, Attributes } from "@opentelemetry/api";
import type { ConsoleCall } from "../capture/console.ts";
import type { CallSite } from "../capture/site.ts";
import { callerOf, stackOf } from "../capture/site.ts";
import type { UncaughtError } from "../capture/uncaught.ts";
import { isError, ownErrorKeys, readError, readException } from "../values/error.ts";
import { formatArguments } from "../values/format.ts";
import { createBudget, inspect } from "../values/inspect.ts";
import type { ValueLimits } from "../values/limits.ts";
import type { SafeValue } from "../values/safe.ts";
import type { Frame } from "../values/stack.ts";
import { findFrame } from "../values/stack.ts";
import { cut } from "../values/text.ts";
import type { Crash } from "./crashes.ts";

/** A record in the making: what OTel emits, what it carries past OTel's own copying, and where it was made. */
export interface Capture {
  readonly level: ConsoleLevel;
  readonly eventName: string;
  readonly body: string;
  /** Unix milliseconds; default: now. */
  readonly timeMs?: number;
  readonly attributes: Attributes;
  /** `console.error`, `unhandledrejection` … */
  readonly source: string;
  readonly isConsole: boolean;
  /** Of an error that may surface in other places as well. */
  readonly crash?: Crash | undefined;
  /** Set on the record as they are: OTel's attribute copy loses a key named `__proto__`. */
  readonly data: { readonly [key: string]: SafeValue | undefined };
  /** Read when the record leaves. */
  readonly site?: CallSite;
  readonly withStack?: boolean | undefined;
}

export function captureOfCall(
  { level, method, args, depth, groupDepth, site, withStack }: ConsoleCall,
  limits: ValueLimits,
): Capture {
  const { text, template, values, error } = formatArguments(args, depth === undefined ? limits : { ...limits, depth });
  const source = `console.${method}`;
  return {
    level,
    eventName: EVENT_BROWSER_CONSOLE,
    body: text,
    source,
    isConsole: true,
    crash: error && /^(warn|error)$/.test(level) ? { thrown: error, sources: [source], messages: [] } : undefined,
    // OTel leaves out what is undefined.
    attributes: {
      [ATTR_BROWSER_CONSOLE_METHOD]: method,
      [ATTR_DEVMUX_CONSOLE_GROUP_DEPTH]: groupDepth || undefined,
      [ATTR_DEVMUX_CONSOLE_TEMPLATE]: template,
      ...(error && exceptionOf(error, limits)),
    },
    data: { [ATTR_DEVMUX_CONSOLE_ARGUMENTS]: values },
    site,
    withStack,
  };
}

export function captureOfError(error: UncaughtError, limits: ValueLimits): Capture {
  const { mechanism, thrown, message, file, line, column } = error;
  const { text, value } = inspect(thrown, createBudget(limits));
  let exception: Attributes;
  let body: string;
  let frame: Frame | undefined;
  let hasDetails = typeof thrown === "object" && thrown !== null;
  if (isError(thrown)) {
    exception = exceptionOf(thrown, limits);
    body = readError(thrown, limits).head;
    frame = findFrame(String(exception[ATTR_EXCEPTION_STACKTRACE]));
    hasDetails = ownErrorKeys(thrown).length > 0;
  } else {
    // Of another origin's script, and of what the browser itself reports, there is only the message.
    const isNothing = thrown === undefined || thrown === null;
    body = message && isNothing ? cut(message, limits.stringLength) : `Uncaught ${text}`;
    const type = error.type ?? (hasDetails ? "Object" : isNothing ? "Error" : typeof thrown);
    if (body === "Script error.") body += " (of another origin: its script element needs the attribute crossorigin)";
    exception = { [ATTR_EXCEPTION_TYPE]: type, [ATTR_EXCEPTION_MESSAGE]: body.replace(/^Uncaught /, "") };
  }
  if (file) frame ??= { function: "", file, line: line ?? 0, column: column ?? 0 };
  // Nobody's mistake and nobody's concern: a layout that took two frames, a browser's extension.
  const isNoise = /^ResizeObserver loop/.test(message ?? "") || /^\w+-extension:/.test(frame?.file ?? "");
  const capture: Capture = {
    level: isNoise ? "debug" : (error.level ?? "error"),
    eventName: EVENT_EXCEPTION,
    body,
    source: mechanism,
    isConsole: false,
    crash: { thrown: isError(thrown) ? thrown : error, sources: [mechanism], messages: [] },
    attributes: {
      ...exception,
      [ATTR_DEVMUX_EXCEPTION_UNHANDLED]: /^(error|unhandledrejection)$/.test(mechanism) || undefined,
      [ATTR_DEVMUX_EXCEPTION_MECHANISM]: mechanism,
      ...locationOf(frame),
      ...error.attributes,
    },
    data: { [ATTR_DEVMUX_EXCEPTION_DETAILS]: hasDetails ? value : undefined },
  };
  if (capture.crash) capture.crash.uncaught = capture;
  return capture;
}

/** The attributes that are worked out when a record leaves. */
export function attributesOfSite(site: CallSite, withStack: boolean | undefined): Attributes {
  return { ...locationOf(callerOf(site)), ...(withStack && { [ATTR_CODE_STACKTRACE]: stackOf(site) }) };
}

function locationOf(frame: Frame | undefined): Attributes | undefined {
  return (
    frame && {
      [ATTR_CODE_FILE_PATH]: frame.file,
      [ATTR_CODE_LINE_NUMBER]: frame.line,
      [ATTR_CODE_COLUMN_NUMBER]: frame.column,
      ...(frame.function && { [ATTR_CODE_FUNCTION_NAME]: frame.function }),
    }
  );
}

function exceptionOf(error: object, limits: ValueLimits): { [key: string]: AnyValue } {
  const { type, message, stack } = readException(error, limits);
  return {
    [ATTR_EXCEPTION_TYPE]: type,
    [ATTR_EXCEPTION_MESSAGE]: message,
    ...(stack && { [ATTR_EXCEPTION_STACKTRACE]: stack }),
  };
}
