// Bytes in pieces of any size become lines, each with the offset behind it.

export interface Line {
  /** Without its LF; undefined for one that is longer than a reader will hold. */
  readonly text: string | undefined;
  /** Behind its LF. */
  readonly end: number;
}

/** Whether the line from `from` to `to`, without its LF, need not be decoded. */
export type LeavesOut = (bytes: Buffer, from: number, to: number) => boolean;

export interface LineSplitter {
  /** The lines that `bytes` completes, without those that `leavesOut` takes. Valid until `bytes` is used for something else. */
  push(bytes: Uint8Array): Iterable<Line>;
  /** Behind the last line that was complete. */
  readonly offset: number;
}

/** Four times the longest line that the exporter writes by default; what is longer is none of its lines. */
export const maxLineBytes: number = 1024 * 1024;
const lineFeed = 0x0a;

export function createLineSplitter(start: number, leavesOut?: LeavesOut): LineSplitter {
  let offset = start;
  let pieces: Buffer[] = [];
  let held = 0;
  let tooLong = false;

  function take(piece: Buffer): string | undefined {
    if (tooLong || held + piece.length > maxLineBytes) return undefined;
    return held === 0 ? piece.toString("utf8") : Buffer.concat([...pieces, piece]).toString("utf8");
  }

  /** Of the part of a line that begins before these bytes nothing can be told. */
  function isLeftOut(bytes: Buffer, from: number, to: number): boolean {
    return leavesOut !== undefined && held === 0 && !tooLong && leavesOut(bytes, from, to);
  }

  function reset(): void {
    pieces = [];
    held = 0;
    tooLong = false;
  }

  return {
    get offset() {
      return offset;
    },
    *push(bytes) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let from = 0;
      let consumed = offset + held;
      for (let at = buffer.indexOf(lineFeed); at >= 0; at = buffer.indexOf(lineFeed, from)) {
        const leftOut = isLeftOut(buffer, from, at);
        const text = leftOut ? undefined : take(buffer.subarray(from, at));
        consumed += at + 1 - from;
        offset = consumed;
        from = at + 1;
        reset();
        if (!leftOut) yield { text, end: offset };
      }
      const rest = buffer.subarray(from);
      if (held + rest.length > maxLineBytes) tooLong = true;
      // Of a line that is too long only the length matters.
      if (tooLong) pieces = [];
      else pieces.push(Buffer.from(rest));
      held += rest.length;
    },
  };
}
