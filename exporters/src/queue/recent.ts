// What the end of the queue says: which events are there, and which contents. Read once, before the first append.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

export interface RecentEvent {
  readonly id: string;
  readonly contentHash: string;
  readonly firstSeen: string;
  readonly timestamp: string;
}

/** A client keeps 8 MiB at most that nobody has acknowledged; about 20,000 events, read in some 20 ms. */
const tailBytes = 8 * 1024 * 1024;

/** The events in the last 8 MiB that are whole. Empty where the file cannot be read: then nobody can append to it either. */
export function recentEvents(path: string): RecentEvent[] {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return [];
  }
  try {
    return readTail(fd).split("\n").flatMap(parse);
  } catch {
    return [];
  } finally {
    closeSync(fd);
  }
}

function readTail(fd: number): string {
  const { size } = fstatSync(fd);
  const bytes = Buffer.alloc(Math.min(size, tailBytes));
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(fd, bytes, done, bytes.length - done, size - bytes.length + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.toString("latin1", 0, done);
}

/**
 * Inside a string of JSON a quotation mark has a backslash before it: neither of these can be part of a text. A line that begins
 * twice is a torn one that another program did not keep apart from the next.
 */
const begin = /^\{"id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})","timestamp":"([^"\\]{20,40})"/;
const end = /"contentHash":"([0-9a-f]{16,64})","firstSeen":"([^"\\]{20,40})"(?:,"truncated":true)?\}\r?$/;

function parse(line: string): RecentEvent[] {
  if (line.indexOf('{"id":"', 1) > 0) return [];
  const [, id, timestamp] = begin.exec(line) ?? [];
  const [, contentHash, firstSeen] = end.exec(line) ?? [];
  if (id === undefined || timestamp === undefined || contentHash === undefined || firstSeen === undefined)
    return parseOther(line);
  return [{ id, timestamp, contentHash, firstSeen }];
}

/** A line of ours that another program wrote again in its own way. What is none of ours cannot come again. */
function parseOther(line: string): RecentEvent[] {
  if (!line.startsWith("{")) return [];
  try {
    const { id, timestamp, contentHash, firstSeen }: Record<string, unknown> = JSON.parse(line);
    if (typeof timestamp !== "string" || typeof firstSeen !== "string") return [];
    if (typeof id !== "string" || !uuid.test(id) || typeof contentHash !== "string" || !hash.test(contentHash))
      return [];
    return [{ id, timestamp, contentHash, firstSeen }];
  } catch {
    return [];
  }
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const hash = /^[0-9a-f]{16,64}$/;
