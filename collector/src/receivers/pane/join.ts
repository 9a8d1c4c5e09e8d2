// Lines become entries: a stack trace with its message is one, every other line is one of its own. Holds at most one entry.

import {
  isCause,
  isCrashPlace,
  isErrorHead,
  isFrame,
  isOmission,
  isRuntimeVersion,
  isTraceback,
  isTracebackLink,
  namesError,
} from "./stack-lines.ts";

export interface Line {
  readonly text: string;
  /** Where it begins and ends in the source, for the position that is kept. */
  readonly start: Place;
  readonly end: Place;
}

export interface Place {
  readonly segment: number;
  readonly offset: number;
}

export interface Entry {
  readonly shape: "line" | "frames" | "traceback";
  readonly lines: readonly string[];
  /** Index of the line that has the message: not 0 where Node printed the source line first. */
  readonly head: number;
  /** Lines beyond the limit. */
  readonly omitted: number;
  /** The process ended of it. */
  readonly uncaught: boolean;
  readonly start: Place;
  readonly end: Place;
}

export interface Joiner {
  /** The entries that are complete now. */
  push(line: Line): readonly Entry[];
  /** Nothing more belongs to what is held. */
  flush(): readonly Entry[];
  readonly holding: boolean;
}

/**
 * `line`: a frame may follow. `place`: Node's file and line, its source line and caret. `message`: an error's head, whose message
 * may go on. `frames`, `braces`: the stack and the error's own properties. `traceback`, `raised`, `gap`, `link`: Python's.
 */
type State = "line" | "place" | "message" | "frames" | "braces" | "end" | "traceback" | "raised" | "gap" | "link";

/** A message of more lines than this is no message. Node's source line, caret and blank are three. */
const maxMessageLines = 20;
const maxPlaceLines = 6;

export function createJoiner(maxLines: number): Joiner {
  let held: Line[] = [];
  let state: State = "line";
  let head = 0;
  let omitted = 0;
  let crashed = false;

  function begin(line: Line): void {
    held = [line];
    head = 0;
    omitted = 0;
    crashed = false;
    state = isTraceback(line.text)
      ? "traceback"
      : isCrashPlace(line.text)
        ? "place"
        : isErrorHead(line.text)
          ? "message"
          : "line";
  }

  /** The state in which the line leaves the entry, or undefined where it belongs to the next one. */
  function next(text: string): State | undefined {
    const stackLine = isFrame(text) || isOmission(text);
    switch (state) {
      case "line":
        return stackLine ? "frames" : undefined;
      case "place":
        if (isErrorHead(text)) {
          head = held.length;
          crashed = true;
          return "message";
        }
        return held.length < maxPlaceLines && !isCrashPlace(text) && !isTraceback(text) ? "place" : undefined;
      case "message":
        if (stackLine) return "frames";
        if (held.length - head >= maxMessageLines || namesError(text) || isCrashPlace(text) || isTraceback(text))
          return undefined;
        return "message";
      case "frames":
        if (stackLine || isCause(text)) return opensBraces(text) ? "braces" : "frames";
        if (opensBraces(held.at(-1)!.text) || isBracesLine(text)) return text.startsWith("}") ? "end" : "braces";
        return atEnd(text);
      case "braces":
        if (/^\s/.test(text)) return "braces";
        return text.startsWith("}") ? "end" : undefined;
      case "end":
        return atEnd(text);
      case "traceback":
        return text === "" || /^\s/.test(text) ? "traceback" : "raised";
      case "raised":
        return text.trim() === "" ? "gap" : undefined;
      case "gap":
        return isTracebackLink(text) ? "link" : undefined;
      case "link":
        return isTraceback(text) ? "traceback" : text.trim() === "" ? "link" : undefined;
    }
  }

  /** A blank line, and the version that Node prints under a crash. */
  function atEnd(text: string): State | undefined {
    if (isRuntimeVersion(text)) crashed = true;
    return text.trim() === "" || isRuntimeVersion(text) ? "end" : undefined;
  }

  function take(): readonly Entry[] {
    const lines = held;
    held = [];
    if (lines.length === 0) return [];
    const complete = state !== "line" && state !== "place" && state !== "message";
    if (!complete) return lines.filter(({ text }) => text.trim() !== "").map(single);
    const shape = state === "frames" || state === "braces" || state === "end" ? "frames" : "traceback";
    const texts = lines.map(({ text }) => text);
    while (texts.at(-1)?.trim() === "" || isRuntimeVersion(texts.at(-1) ?? "")) texts.pop();
    return [{ shape, lines: texts, head, omitted, uncaught: crashed, start: lines[0]!.start, end: lines.at(-1)!.end }];
  }

  return {
    push(line) {
      if (held.length > 0) {
        const following = next(line.text);
        if (following !== undefined) {
          state = following;
          if (held.length < maxLines) held.push(line);
          else {
            omitted++;
            // The last line stays the last, so that the entry's end is where it is.
            held[held.length - 1] = line;
          }
          return [];
        }
      }
      const complete = take();
      if (line.text.trim() !== "") begin(line);
      return complete;
    },
    flush: take,
    get holding() {
      return held.length > 0;
    },
  };
}

function single({ text, start, end }: Line): Entry {
  return { shape: "line", lines: [text], head: 0, omitted: 0, uncaught: false, start, end };
}

/** `    at f (a.js:1:2) {`, which an error's own properties follow. */
function opensBraces(text: string): boolean {
  return text.endsWith(" {");
}

function isBracesLine(text: string): boolean {
  return text === "}";
}
