// Errors as OTel describes exceptions: type, message, stack trace with its causes.

import type { ValueLimits } from "./limits.ts";
import { cut, tagOf } from "./text.ts";

export interface ErrorText {
  /** The class's name: `TypeError`. */
  readonly type: string;
  readonly message: string;
  /** With the head line, and what it was caused by below it; "" where there is none. */
  readonly stack: string;
}

/** An Error of this or another frame, or a DOMException. A proxy that throws is none. */
export function isError(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  try {
    return value instanceof Error || /^(Error|DOMException)$/.test(tagOf(value));
  } catch {
    return false;
  }
}

/** Type, message and stack of one error, without its causes. Never throws. */
export function readError(error: object, limits: ValueLimits): ErrorText {
  const message = cut(read<string>(error, "message", ""), limits.stringLength);
  const type = cut(typeOf(error), 256);
  const stack = read<string>(error, "stack", "");
  if (stack === "") return { type, message, stack };
  // Gecko and JSC write the frames alone. Only so much is looked at: a stack may be 200,000 lines of something else.
  const head = /^\s*at /m.test(stack.slice(0, message.length + 2_048)) ? "" : `${headOf(type, message)}\n`;
  const lines = cut(head + stack, message.length + limits.stringLength).split("\n");
  const kept = message.split("\n").length + limits.frames;
  const more = lines.length > kept ? `\n    … ${lines.length - kept} more` : "";
  return { type, message, stack: cut(lines.slice(0, kept).join("\n") + more, 2 * limits.stringLength) };
}

/** The same, with `Caused by:` and the errors of an AggregateError under the stack. Never throws. */
export function readException(error: object, limits: ValueLimits): ErrorText {
  const first = readError(error, limits);
  const stacks = [first.stack];
  const add = (before: string, each: unknown): void => {
    const { type, message, stack } = isError(each)
      ? readError(each, limits)
      : { type: typeof each, message: "", stack: "" };
    stacks.push(before + (stack || headOf(type, message)));
  };
  const seen: unknown[] = [error];
  for (let cause = read<unknown>(error, "cause", undefined); isError(cause); cause = read(cause, "cause", undefined)) {
    if (seen.includes(cause)) {
      stacks.push("Caused by: [Circular]");
      break;
    }
    if (seen.push(cause) <= limits.causes + 1) add("Caused by: ", cause);
    // A chain has an end somewhere; nobody counts further than this.
    else if (seen.length > 1_000) break;
  }
  if (seen.length > limits.causes + 1) stacks.push(`Caused by: … ${seen.length - limits.causes - 1} more`);
  const errors = read<unknown>(error, "errors", undefined);
  if (Array.isArray(errors)) {
    for (const [index, each] of errors.slice(0, 2 * limits.causes).entries()) {
      add(`Error ${index + 1} of ${errors.length}: `, each);
    }
  }
  if (stacks.length > 1) stacks[0] ||= headOf(first.type, first.message);
  return { ...first, stack: cut(stacks.join("\n"), 2 * limits.stringLength) };
}

/** What an app has put on the error: code, status, cause … Never throws; the values are still to be read with care. */
export function ownErrorKeys(error: object): string[] {
  const keys = Object.keys(error).filter((key) => !/^(name|message|stack)$/.test(key));
  for (const key of ["cause", "errors"])
    if (!keys.includes(key) && read(error, key, undefined) !== undefined) keys.push(key);
  return keys;
}

function headOf(type: string, message: string): string {
  return message ? `${type}: ${message}` : type;
}

/** `name` where somebody has set it, else the class: `class PaymentError extends Error` has the name "Error". */
function typeOf(error: object): string {
  const name = read<string>(error, "name", "");
  if (name !== "" && name !== "Error") return name;
  const given = read<string>(read<object>(error, "constructor", Object), "name", "");
  return (given !== "Object" && given) || "Error";
}

/** A property of something hostile, if it is of the fallback's type. */
function read<Value>(object: object, key: string, fallback: Value): Value {
  try {
    const value = (object as { [key: string]: unknown })[key];
    return fallback === undefined || typeof value === typeof fallback ? (value as Value) : fallback;
  } catch {
    return fallback;
  }
}
