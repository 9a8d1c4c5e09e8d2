// An event as one line of JSON, written by hand because there are a hundred thousand a second; never longer than its limit.

import { quote } from "../text/json.ts";
import type { Content } from "./event.ts";

/** Ends with LF. */
export type LineFormat = (event: LineEvent) => string;

export interface LineEvent {
  readonly id: string;
  /** ISO 8601, as `firstSeen`. */
  readonly timestamp: string;
  readonly stream: string;
  readonly content: Content;
  readonly context: readonly string[];
  readonly firstSeen: string;
}

export interface LineOptions {
  readonly project: string;
  readonly maxLineBytes: number;
}

/** UTF-16 units take at most three bytes of UTF-8 each. */
const maxBytesPerUnit = 3;
/** A page has a few streams; this many names are kept quoted. */
const maxStreams = 1024;

export function createLineFormat({ project, maxLineBytes }: LineOptions): LineFormat {
  const names = new Map<string, string>();
  /** Of the last line: what follows says the same in most of them. */
  let last = { stream: "", severity: "", pattern: "", text: "" };

  function namesOf(stream: string): string {
    let text = names.get(stream);
    if (text === undefined) {
      const source = quote(`telemetry:${stream}`);
      text = `","source":${source},"service":${quote(stream)},"project":${quote(project)},"severity":"`;
      if (names.size >= maxStreams) names.clear();
      names.set(stream, text);
    }
    return text;
  }

  /** From the end of the timestamp to the text. */
  function middleOf(stream: string, { severity, pattern }: Content): string {
    if (stream !== last.stream || severity !== last.severity || pattern !== last.pattern) {
      const text = `${namesOf(stream)}${severity}","pattern":"${pattern}","rawContent":`;
      last = { stream, severity, pattern, text };
    }
    return last.text;
  }

  return ({ id, timestamp, stream, content, context, firstSeen }) => {
    const { rawContent, stack, contentHash } = content;
    const head = `{"id":"${id}","timestamp":"${timestamp}${middleOf(stream, content)}`;
    const tail = `"status":"pending","contentHash":"${contentHash}","firstSeen":"${firstSeen}"`;
    const frames = stack === "" ? noFrames : stack.split("\n");
    const before = context.length === 0 ? "" : context.map(quote).join(",");
    const line = `${head}${quote(rawContent)},"context":[${before}],${stackOf(frames.map(quote))}${tail}}\n`;
    if (line.length * maxBytesPerUnit <= maxLineBytes || Buffer.byteLength(line) <= maxLineBytes) return line;
    const room = maxLineBytes - Buffer.byteLength(`${head},"context":[],"stackTrace":[],${tail},"truncated":true}\n`);
    return `${head}${fit(rawContent, frames, room)}${tail},"truncated":true}\n`;
  };
}

const noFrames: readonly string[] = [];

function stackOf(frames: readonly string[]): string {
  return frames.length === 0 ? "" : `"stackTrace":[${frames.join(",")}],`;
}

/** What came before is left out; the text gets what the stack leaves, and at least half. */
function fit(rawContent: string, frames: readonly string[], room: number): string {
  const kept: string[] = [];
  let left = Math.floor(room / 2);
  for (const frame of frames) {
    if (left < smallestFrame) break;
    const quoted = quote(cut(frame, left - 1));
    kept.push(quoted);
    left -= Buffer.byteLength(quoted) + 1;
  }
  const stack = stackOf(kept);
  return `${quote(cut(rawContent, room - Buffer.byteLength(stack)))},"context":[],${stack}`;
}

/** What is shorter says nothing. */
const smallestFrame = 64;

/** As much of the beginning as `maxBytes` of JSON hold, with how many characters are missing. */
function cut(text: string, maxBytes: number): string {
  if (Buffer.byteLength(quote(text)) <= maxBytes) return text;
  // Room for `…(+4294967296)`.
  const room = Math.max(0, maxBytes - 20);
  let kept = text.slice(0, room);
  for (
    let bytes = Buffer.byteLength(quote(kept));
    bytes > room && kept !== "";
    bytes = Buffer.byteLength(quote(kept))
  ) {
    kept = kept.slice(0, Math.floor((kept.length * room) / bytes));
  }
  if (/[\ud800-\udbff]$/.test(kept)) kept = kept.slice(0, -1);
  return `${kept}…(+${text.length - kept.length})`;
}
