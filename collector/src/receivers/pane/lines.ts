// Bytes become lines, each with the place where it begins. A line that is not complete is held, within a bound.

import type { Place } from "./join.ts";
import type { Position } from "./segments.ts";

export interface RawLine {
  readonly text: string;
  readonly start: Place;
  readonly end: Place;
}

export interface LineAssembler {
  push(bytes: Buffer, position: Position): readonly RawLine[];
  /** What stands behind the last line feed, as a line; undefined where there is nothing. */
  takePartial(): RawLine | undefined;
  /** The bytes before are gone: what is held is not the beginning of what comes. */
  reset(): void;
  readonly holding: boolean;
}

/** Terminal output of one line, with its colours; more is cut, and the cut is said. */
const maxLineBytes = 256 * 1024;
const lineFeed = 0x0a;

export function createLineAssembler(): LineAssembler {
  let parts: Buffer[] = [];
  let length = 0;
  let cut = 0;
  let start: Place | undefined;
  let end: Place = { segment: 0, offset: 0 };

  function hold(bytes: Buffer): void {
    const room = maxLineBytes - length;
    if (bytes.length > room) cut += bytes.length - room;
    if (room > 0 && bytes.length > 0) {
      // A copy: the chunk it is a part of is larger.
      parts.push(Buffer.from(bytes.subarray(0, room)));
      length += Math.min(room, bytes.length);
    }
  }

  function take(at: Place): RawLine {
    const text = Buffer.concat(parts).toString("utf8");
    const line = { text: cut === 0 ? text : `${text}…(+${cut} bytes)`, start: start ?? at, end: at };
    reset();
    return line;
  }

  function reset(): void {
    parts = [];
    length = 0;
    cut = 0;
    start = undefined;
  }

  return {
    push(bytes, { segment, offset }) {
      const lines: RawLine[] = [];
      let from = 0;
      for (let to = bytes.indexOf(lineFeed); to >= 0; to = bytes.indexOf(lineFeed, from)) {
        start ??= { segment, offset: offset + from };
        hold(bytes.subarray(from, to));
        from = to + 1;
        lines.push(take({ segment, offset: offset + from }));
      }
      if (from < bytes.length) {
        start ??= { segment, offset: offset + from };
        hold(bytes.subarray(from));
      }
      end = { segment, offset: offset + bytes.length };
      return lines;
    },
    takePartial: () => (start === undefined ? undefined : take(end)),
    reset,
    get holding() {
      return start !== undefined;
    },
  };
}
