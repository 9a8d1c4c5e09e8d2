// The events that nobody has to work on: known by the first bytes of their lines, which need not be decoded, and remembered by id.

import type { LeavesOut } from "../line-splitter.ts";
import { keyOfId } from "../memory.ts";

export interface LeftOut {
  /** Whether this is the line of one; remembers its id. */
  readonly takes: LeavesOut;
  has(id: string): boolean;
}

/** How the exporter begins a line that nobody has to work on. Inside a string of JSON there is a backslash before each quotation mark. */
const infoLine =
  /^\{"id":"[0-9a-f-]{36}","timestamp":"[^"]*","source":"(?:[^"\\]|\\.)*","service":"(?:[^"\\]|\\.)*","project":"(?:[^"\\]|\\.)*","severity":"info",/;
/** Of the id, behind `{"id":"`. */
const idStart = 7;
const idEnd = 43;

export function createLeftOut(): LeftOut {
  const keys = new Set<number>();
  // Filled with every line and hardly ever asked: sorted into a set when it is.
  let added: number[] = [];
  return {
    takes(head, endsWell) {
      if (!endsWell || !infoLine.test(head)) return false;
      added.push(keyOfId(head.slice(idStart, idEnd)));
      return true;
    },
    has(id) {
      for (const each of added) keys.add(each);
      added = [];
      return keys.has(keyOfId(id));
    },
  };
}
