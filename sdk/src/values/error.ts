// Errors as OTel describes exceptions: type, message, stack trace with its causes.

import { cut } from "./cut.ts";
import type { ValueLimits } from "./limits.ts";
import { tagOf } from "./text.ts";

export interface ErrorText {
  /** The class's name: `TypeError`. */
  readonly type: string;
  readonly message: string;
  /** `TypeError: message` */
  readonly head: string;
  /** With the head line; "" where there is none. */
  readonly stack: string;
}

/** An Error of this or another frame, or a DOMException. A proxy that throws is none. */
export function isError(value: unknown): value is object {
  try {
    return value instanceof Error || /^(Error|DOMException)$/.test(tagOf(value));
  } catch {
    return false;
  }
}

/** One error, without its causes; `withStack` false leaves its stack unread. Never throws. */
export function readError(error: object, limits: ValueLimits, withStack = true): ErrorText {
  const whole = read(error, "message");
  const message = cut(whole, limits.stringLength);
  // The class's name where nobody has set another: `class PaymentError extends Error` has the name "Error".
  const name = read(error, "name");
  const type = cut(
    (/^(Error)?$/.test(name) && read(read(error, "constructor", "function"), "name")) || name || "Error",
    256,
  );
  const head = message ? `${type}: ${message}` : type;
  let stack = withStack ? read(error, "stack") : "";
  // V8 has all of the message before the frames.
  if (whole !== message && stack.includes(whole.slice(0, 99)))
    stack = head + stack.slice(stack.indexOf("\n", whole.length) >>> 0);
  if (stack) {
    // Gecko and JSC write the frames alone. Only so much is looked at: a stack may be 200,000 lines of something else.
    if (!/^\s*at /m.test(stack.slice(0, message.length + 2_048))) stack = `${head}\n${stack}`;
    const lines = cut(stack, message.length + limits.stringLength).split("\n");
    stack = lines.slice(0, message.split("\n").length + limits.frames).join("\n");
  }
  return { type, message, head, stack };
}

/** The same, with `Caused by:` and the errors of an AggregateError under the stack. Never throws. */
export function readException(error: object, limits: ValueLimits): ErrorText {
  const stacks: string[] = [];
  const seen = new Set<unknown>();
  let first: ErrorText | undefined;
  const add = (before: string, each: unknown): void => {
    if (!isError(each) || seen.has(each)) {
      stacks.push(`${before}[${isError(each) ? "Circular" : typeof each}]`);
      return;
    }
    // A chain has an end somewhere; nobody counts further than this.
    if (seen.add(each).size > 1_000) return;
    if (seen.size <= limits.causes + 1) {
      const text = readError(each, limits);
      first ??= text;
      stacks.push(before + (text.stack || text.head));
    }
    const cause = read<unknown>(each, "cause", "object");
    if (isError(cause)) add("Caused by: ", cause);
    const errors = read<unknown>(each, "errors", "object");
    if (!Array.isArray(errors)) return;
    const shown = errors.slice(0, limits.causes);
    for (let index = 0; index < shown.length; index++) add(`Error ${index + 1} of ${errors.length}: `, shown[index]);
  };
  add("", error);
  const missing = seen.size - limits.causes - 1;
  if (missing > 0) stacks.push(`… ${missing} more`);
  return { ...(first ?? readError(error, limits)), stack: cut(stacks.join("\n"), 2 * limits.stringLength) };
}

/** What an app has put on the error: code, status, cause … Never throws; the values are still to be read with care. */
export function ownErrorKeys(error: object): string[] {
  const keys = Object.keys(error).filter((key) => !/^(name|message|stack)$/.test(key));
  return keys.concat(["cause", "errors"].filter((key) => !keys.includes(key) && Object.hasOwn(error, key)));
}

/** A property of something hostile, if it is of that type; else "". */
function read<Value = string>(object: unknown, key: string, type = "string"): Value {
  try {
    const value = (object as { [key: string]: unknown })[key];
    return (typeof value === type ? value : "") as Value;
  } catch {
    return "" as Value;
  }
}
