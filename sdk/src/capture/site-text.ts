// The place of a call, read.

import type { Frame } from "../values/stack.ts";
import { findFrame } from "../values/stack.ts";
import type { CallSite } from "./site.ts";

export function callerOf(site: CallSite): Frame | undefined {
  return findFrame(stackText(site), site.ownFrames);
}

/** The frames as text, for console.trace. */
export function stackOf(site: CallSite): string {
  const frames = stackText(site)
    .split("\n")
    .filter((line) => /^\s+at |@/.test(line));
  return frames.slice(site.ownFrames).join("\n");
}

function stackText({ stack }: CallSite): string {
  return typeof stack === "string" ? stack : "";
}
