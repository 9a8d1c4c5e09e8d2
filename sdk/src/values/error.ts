// Errors as OTel describes exceptions: type, message, stack trace with its causes.

import type { ValueLimits } from "./limits.ts";
import { parseFrames } from "./stack.ts";
import { cut } from "./text.ts";

export interface ErrorText {
  /** The class's name: `TypeError`. */
  readonly type: string;
  readonly message: string;
  /** With the head line, and what it was caused by below it. */
  readonly stack: string | undefined;
}

/** An Error of this or another frame, or a DOMException. A proxy that throws is none. */
export function isError(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  try {
    if (value instanceof Error) return true;
    const tag = Object.prototype.toString.call(value);
    return tag === "[object Error]" || tag === "[object DOMException]";
  } catch {
    return false;
  }
}

/** Type, message and stack of one error, without its causes. Never throws. */
export function readError(error: object, limits: ValueLimits): ErrorText {
  const message = cut(text(error, "message"), limits.stringLength);
  const type = cut(typeOf(error), 256);
  const stack = text(error, "stack");
  return { type, message, stack: stack === "" ? undefined : tidyStack(stack, type, message, limits) };
}

/** The same, with `Caused by:` and the errors of an AggregateError under the stack. Never throws. */
export function readException(error: object, limits: ValueLimits): ErrorText {
  const first = readError(error, limits);
  const stacks = [first.stack ?? headOf(first)];
  const seen: unknown[] = [error];
  let cause = read(error, "cause");
  while (isError(cause)) {
    if (seen.includes(cause)) {
      stacks.push("Caused by: [Circular]");
      break;
    }
    if (seen.length > limits.causes) {
      stacks.push(`Caused by: … ${countCauses(cause)} more`);
      break;
    }
    seen.push(cause);
    const next = readError(cause, limits);
    stacks.push(`Caused by: ${next.stack ?? headOf(next)}`);
    cause = read(cause, "cause");
  }
  const errors = read(error, "errors");
  if (Array.isArray(errors)) {
    for (const [index, each] of errors.slice(0, 2 * limits.causes).entries()) {
      const next = isError(each) ? readError(each, limits) : undefined;
      stacks.push(
        `Error ${index + 1} of ${errors.length}: ${next === undefined ? typeof each : (next.stack ?? headOf(next))}`,
      );
    }
    if (errors.length > 2 * limits.causes) stacks.push(`… ${errors.length - 2 * limits.causes} more`);
  }
  const joined = stacks.join("\n");
  return {
    ...first,
    stack: first.stack === undefined && stacks.length === 1 ? undefined : cut(joined, 2 * limits.stringLength),
  };
}

/** What an app has put on the error: code, status, cause … Never throws; the values are still to be read with care. */
export function ownErrorKeys(error: object): string[] {
  const keys = Object.keys(error).filter((key) => !/^(name|message|stack)$/.test(key));
  for (const key of ["cause", "errors"]) if (!keys.includes(key) && read(error, key) !== undefined) keys.push(key);
  return keys.slice(0, 20);
}

function countCauses(error: object): number | string {
  let count = 0;
  for (let cause: unknown = error; isError(cause); cause = read(cause, "cause")) if (++count > 999) return "1000+";
  return count;
}

function headOf({ type, message }: { type: string; message: string }): string {
  return message === "" ? type : `${type}: ${message}`;
}

/** `name` where somebody has set it, else the class: `class PaymentError extends Error` has the name "Error". */
function typeOf(error: object): string {
  const name = text(error, "name");
  if (name !== "" && name !== "Error") return name;
  const made = read(error, "constructor");
  const given = typeof made === "function" ? read(made, "name") : undefined;
  return typeof given === "string" && given !== "" && given !== "Object" ? given : name || "Error";
}

/** At most so many frames, each of a bearable length, under a head line: Gecko and JSC have none of their own. */
function tidyStack(stack: string, type: string, message: string, limits: ValueLimits): string {
  // Only so much is looked at: a stack may be 200,000 lines of something else.
  const lines = stack.slice(0, message.length + 8 * limits.stringLength).split("\n");
  const first = lines.findIndex((line) => line.length < 1024 && parseFrames(line, 1).length > 0);
  if (first < 0) return cut(stack, limits.stringLength);
  const head = first === 0 ? headOf({ type, message }) : cut(lines.slice(0, first).join("\n"), limits.stringLength);
  const frames = lines.slice(first, first + limits.frames).map((line) => cut(line.trimEnd(), 1024));
  const more = stack.split("\n", first + 10 * limits.frames).length - first - frames.length;
  return [head, ...frames, ...(more > 0 ? [`    … ${more} more`] : [])].join("\n");
}

function text(object: object, key: string): string {
  const value = read(object, key);
  return typeof value === "string" ? value : "";
}

/** A property of something hostile. */
function read(object: object, key: string): unknown {
  try {
    return (object as { [key: string]: unknown })[key];
  } catch {
    return undefined;
  }
}
