// Bytes in pieces of any size become lines, each with the offset behind it.

export interface Line {
  /** Without its LF; undefined for one that is longer than a reader will hold. */
  readonly text: string | undefined;
  /** Behind its LF. */
  readonly end: number;
}

/** By its first bytes, read as Latin-1, and whether it ends as an object does: a line that need not be decoded. */
export type LeavesOut = (head: string, endsWell: boolean) => boolean;

export interface LineSplitter {
  /** The lines that `bytes` completes, without those that `leavesOut` takes. Valid until `bytes` is used for something else. */
  push(bytes: Uint8Array): Iterable<Line>;
  /** Behind the last line that was complete. */
  readonly offset: number;
}

/** Four times the longest line that the exporter writes by default; what is longer is none of its lines. */
export const maxLineBytes: number = 1024 * 1024;
const lineFeed = 0x0a;
const brace = 0x7d;
/** Of a line, to tell what it is: an event's id, time and names. */
const headBytes = 512;

export function createLineSplitter(start: number, leavesOut?: LeavesOut): LineSplitter {
  let offset = start;
  let pieces: Buffer[] = [];
  let held = 0;
  let tooLong = false;

  function take(piece: Buffer): string | undefined {
    if (tooLong || held + piece.length > maxLineBytes) return undefined;
    return held === 0 ? piece.toString("utf8") : Buffer.concat([...pieces, piece]).toString("utf8");
  }

  function isLeftOut(piece: Buffer): boolean {
    if (leavesOut === undefined || held > 0 || tooLong) return false;
    return leavesOut(piece.toString("latin1", 0, headBytes), piece.at(-1) === brace);
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
        const piece = buffer.subarray(from, at);
        const leftOut = isLeftOut(piece);
        const text = leftOut ? undefined : take(piece);
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
