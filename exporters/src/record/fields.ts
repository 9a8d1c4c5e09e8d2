// What the exporters read from a record's attributes, by the names that clients give them. The attributes are decoded once, by
// the caller: for the few that a record has, that is cheaper than looking for each.

import {
  type AnyMap,
  ATTR_BROWSER_CONSOLE_METHOD,
  ATTR_CODE_COLUMN_NUMBER,
  ATTR_CODE_FILE_PATH,
  ATTR_CODE_LINE_NUMBER,
  ATTR_CODE_STACKTRACE,
  ATTR_DEVMUX_EXCEPTION_MECHANISM,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  EVENT_BROWSER_CONSOLE,
  type LogRecord,
} from "@chriscode/devmux-telemetry-protocol";

export interface Exception {
  readonly type: string;
  readonly message: string;
}

/** undefined where the record has neither a type nor a message of an exception. */
export function exceptionOf(attributes: AnyMap): Exception | undefined {
  const type = textOf(attributes, ATTR_EXCEPTION_TYPE);
  const message = textOf(attributes, ATTR_EXCEPTION_MESSAGE);
  return type === "" && message === "" ? undefined : { type, message };
}

/** `TypeError: x is undefined`; one of the two where the other is missing. */
export function exceptionText({ type, message }: Exception): string {
  if (type === "") return message;
  return message === "" ? type : `${type}: ${message}`;
}

/** The exception's stack, else the caller's (console.trace), else "". */
export function stackOf(attributes: AnyMap): string {
  return textOf(attributes, ATTR_EXCEPTION_STACKTRACE) || textOf(attributes, ATTR_CODE_STACKTRACE);
}

/** "" where it is not known. */
export function sourceFileOf(attributes: AnyMap): string {
  return textOf(attributes, ATTR_CODE_FILE_PATH);
}

/** Line and column; undefined where they are not known or no numbers. */
export function sourcePositionOf(attributes: AnyMap): readonly [line: number | undefined, column: number | undefined] {
  return [numberOf(attributes, ATTR_CODE_LINE_NUMBER), numberOf(attributes, ATTR_CODE_COLUMN_NUMBER)];
}

/** Something that was printed, as against something that was thrown. */
export function isConsole(record: LogRecord, attributes: AnyMap): boolean {
  return attributes[ATTR_BROWSER_CONSOLE_METHOD] !== undefined || record.eventName === EVENT_BROWSER_CONSOLE;
}

export function isUnhandledRejection(attributes: AnyMap): boolean {
  return attributes[ATTR_DEVMUX_EXCEPTION_MECHANISM] === "unhandledrejection";
}

export function textOf(attributes: AnyMap, key: string): string {
  const value = attributes[key];
  return typeof value === "string" ? value : "";
}

function numberOf(attributes: AnyMap, key: string): number | undefined {
  const value = attributes[key];
  return typeof value === "number" ? value : undefined;
}
