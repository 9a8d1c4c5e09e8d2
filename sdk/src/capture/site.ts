// Where a call came from: kept as an unread stack at the call, read when the record leaves.

import type { Frame } from "../values/stack.ts";
import { parseFrames } from "../values/stack.ts";

/** Holds the stack; reading `stack` is what costs. */
export interface CallSite {
  readonly stack?: string;
}

type Above = (...args: never[]) => unknown;

interface StackError {
  new (): Error;
  stackTraceLimit?: number;
  captureStackTrace?(target: object, above: Above): void;
}

/** Frames to find the caller among: natives like Array.forEach may stand between. */
const callerFrames = 4;

/** The stack of whoever called `above`. `frames` beyond the few that name the caller are for console.trace. */
export function captureSite(above: Above, frames: number = callerFrames): CallSite {
  const errors = Error as unknown as StackError;
  const before = errors.stackTraceLimit;
  try {
    if (typeof errors.captureStackTrace !== "function") return new Error();
    errors.stackTraceLimit = frames;
    const site: CallSite = {};
    errors.captureStackTrace(site, above);
    return site;
  } catch {
    return {};
  } finally {
    if (before !== undefined) restore(errors, before);
  }
}

function restore(errors: StackError, limit: number): void {
  try {
    errors.stackTraceLimit = limit;
  } catch {
    // A frozen Error never took the other limit either.
  }
}

/** Engines without captureStackTrace have our own frames on top: one for captureSite, one for the wrapper. */
function ownFrames(): number {
  return typeof (Error as unknown as StackError).captureStackTrace === "function" ? 0 : 2;
}

export function callerOf(site: CallSite): Frame | undefined {
  const skip = ownFrames();
  return parseFrames(stackText(site), skip + 1)[skip];
}

/** The frames as text, for console.trace. */
export function stackOf(site: CallSite): string {
  const lines = stackText(site).split("\n");
  const frames = lines.filter((line) => /^\s+at |@/.test(line)).slice(ownFrames());
  return frames.join("\n");
}

function stackText(site: CallSite): string {
  try {
    return typeof site.stack === "string" ? site.stack : "";
  } catch {
    // An app's own Error.prepareStackTrace.
    return "";
  }
}
