// An entry as a log record: its severity and pattern, and where it is an error, OTel's exception attributes.

import {
  type AnyMap,
  ATTR_CODE_STACKTRACE,
  ATTR_DEVMUX_EXCEPTION_MECHANISM,
  ATTR_DEVMUX_EXCEPTION_UNHANDLED,
  ATTR_DEVMUX_PATTERN,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_LOG_RECORD_UID,
  EVENT_EXCEPTION,
  type LogRecordInit,
  SEVERITY_DEBUG,
  SEVERITY_ERROR,
  SEVERITY_FATAL,
  SEVERITY_INFO,
  SEVERITY_WARN,
} from "@chriscode/devmux-telemetry-protocol";
import type { Entry } from "./join.ts";
import type { Match, Matcher } from "./patterns/matcher.ts";
import type { PatternSeverity } from "./patterns/own.ts";
import { isFrame } from "./stack-lines.ts";

export const severityNumbers: { readonly [name in PatternSeverity]: number } = {
  debug: SEVERITY_DEBUG,
  info: SEVERITY_INFO,
  warning: SEVERITY_WARN,
  error: SEVERITY_ERROR,
  fatal: SEVERITY_FATAL,
};
const severityTexts: { readonly [name in PatternSeverity]: string } = {
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  fatal: "fatal",
};

interface Exception {
  readonly type: string;
  readonly message: string;
}

/** `uid` tells this record from all others, also when it is read again. */
export function recordOf(entry: Entry, match: Matcher, uid: string, timeMs: number): LogRecordInit {
  const { shape, lines, head, omitted, uncaught } = entry;
  const exception = exceptionOf(entry);
  const found = matchOf(entry, match) ?? (exception && unnamedError);
  const severity = found?.severity ?? "info";
  const stack =
    shape === "line" ? "" : [...lines.slice(head), ...(omitted > 0 ? [`… ${omitted} more lines`] : [])].join("\n");
  const attributes: AnyMap = {
    [ATTR_LOG_RECORD_UID]: uid,
    ...(found && { [ATTR_DEVMUX_PATTERN]: found.name }),
    ...(exception
      ? exceptionAttributes(exception, stack, uncaught)
      : stack !== "" && { [ATTR_CODE_STACKTRACE]: stack }),
  };
  return {
    timeMs,
    observedTimeMs: timeMs,
    severityNumber: severityNumbers[severity],
    severityText: severityTexts[severity],
    body: messageOf(entry),
    attributes,
    ...(exception === undefined ? {} : { eventName: EVENT_EXCEPTION }),
  };
}

function exceptionAttributes({ type, message }: Exception, stack: string, uncaught: boolean): AnyMap {
  return {
    [ATTR_EXCEPTION_TYPE]: type,
    [ATTR_EXCEPTION_MESSAGE]: message,
    [ATTR_EXCEPTION_STACKTRACE]: stack,
    [ATTR_DEVMUX_EXCEPTION_MECHANISM]: "pane",
    ...(uncaught && { [ATTR_DEVMUX_EXCEPTION_UNHANDLED]: true }),
  };
}

const unnamedError: Match = { name: "exception", severity: "error" };

/** The lines that say what happened: without frames, and of those only the first. */
const maxMatchedLines = 20;

function matchOf(entry: Entry, match: Matcher): Match | undefined {
  const { shape, lines, head } = entry;
  if (shape === "traceback") return match(messageOf(entry)) ?? match(lines[0] ?? "");
  for (const line of lines
    .slice(head)
    .filter((each) => !isFrame(each))
    .slice(0, maxMatchedLines)) {
    const found = match(line);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is shown of an entry: its message without the frames, of a traceback the line that names the error. */
function messageOf({ shape, lines, head }: Entry): string {
  if (shape === "line") return lines[0] ?? "";
  if (shape === "traceback") return lines.at(-1) ?? "";
  const frames = lines.findIndex((line, index) => index > head && isFrame(line));
  return lines
    .slice(head, frames < 0 ? head + 1 : frames)
    .join("\n")
    .trimEnd();
}

function exceptionOf(entry: Entry): Exception | undefined {
  if (entry.shape === "line") return undefined;
  const message = messageOf(entry);
  if (entry.shape === "traceback") {
    const parsed = /^([\w.]{1,200})(?:: ([\s\S]*))?$/.exec(message);
    return { type: parsed?.[1] ?? "Exception", message: parsed?.[2] ?? (parsed === null ? message : "") };
  }
  const parsed = /(?:^|[\s(])([\w$.]{0,160}(?:Error|Exception))(?: \[\w{1,80}\])?(?:: ([\s\S]*)|:?\s*$)/.exec(message);
  return parsed === null ? undefined : { type: parsed[1]!, message: parsed[2] ?? "" };
}
