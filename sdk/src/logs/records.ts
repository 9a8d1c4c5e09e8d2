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
import type { AnyValue, Attributes, Context } from "@opentelemetry/api";
import type { ConsoleEntry } from "../capture/console-methods.ts";
import type { CallSite } from "../capture/site.ts";
import { callerOf, stackOf } from "../capture/site-text.ts";
import type { UncaughtError } from "../capture/uncaught.ts";
import { cut } from "../values/cut.ts";
import { isError, ownErrorKeys, readError, readException } from "../values/error.ts";
import { formatArguments, formatTable } from "../values/format.ts";
import { createBudget, inspect } from "../values/inspect.ts";
import type { ValueLimits } from "../values/limits.ts";
import type { Frame } from "../values/stack.ts";
import { findFrame } from "../values/stack.ts";
import type { Capture } from "./capture.ts";

/** When something was, and in which span. */
export interface Moment {
  readonly timeMs: number;
  readonly context?: Context | undefined;
}

export interface ReadCall extends ConsoleEntry, Moment {
  readonly method: string;
  /** Open groups around the call. */
  readonly groupDepth: number;
  readonly site: CallSite | undefined;
}

export function captureOfCall(call: ReadCall, limits: ValueLimits): Capture {
  const { level, method, args, depth, isTable, groupDepth, site, withStack, timeMs, context } = call;
  const { text, template, values, error } = isTable
    ? formatTable(args, limits)
    : formatArguments(args, depth === undefined ? limits : { ...limits, depth });
  const source = `console.${method}`;
  return {
    scope: "console",
    level,
    eventName: EVENT_BROWSER_CONSOLE,
    body: text,
    timeMs,
    context,
    source,
    crash: error && isAlarm(level) ? { thrown: error, sources: [source], messages: [] } : undefined,
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

/** What people look at because something is wrong. */
export function isAlarm(level: ConsoleLevel): boolean {
  return level === "error" || level === "warn";
}

export function captureOfError(error: UncaughtError, limits: ValueLimits, moment: Moment): Capture {
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
    ...moment,
    scope: "errors",
    level: isNoise ? "debug" : (error.level ?? "error"),
    eventName: EVENT_EXCEPTION,
    body,
    source: mechanism,
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

/** Stacks whose places are remembered: a page's calls come from some hundred of them, over and over. */
const maxPlaces = 500;

/** The attributes that are worked out when a record leaves. */
export function createPlaces(): (site: CallSite, withStack: boolean | undefined) => Attributes {
  const places = new Map<string | undefined, Attributes | undefined>();
  return (site, withStack) => {
    const { stack } = site;
    if (!places.has(stack)) {
      if (places.size === maxPlaces) places.clear();
      places.set(stack, locationOf(callerOf(site)));
    }
    return { ...places.get(stack), ...(withStack && { [ATTR_CODE_STACKTRACE]: stackOf(site) }) };
  };
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
