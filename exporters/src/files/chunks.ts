// Lines cut into writes: large enough to cost nothing per line, small enough that a crash tears little.

/** Lines `start` to `end`, `end` not included, and their text. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

export const maxWriteBytes: number = 1024 * 1024;
const lineFeed = 0x0a;

/**
 * Of lines that each end with LF and have no other. A line that is longer than `maxBytes` is a chunk of its own. Many lines become
 * bytes in one go, which is what makes them cheap: a length or a buffer of each would cost as much as making the line.
 */
export function* chunksOf(lines: readonly string[], maxBytes: number = maxWriteBytes): Generator<Chunk> {
  for (let start = 0; start < lines.length; ) {
    const end = endOf(lines, start, maxBytes);
    const whole = { start, end, bytes: Buffer.from(textOf(lines, start, end)) };
    if (whole.bytes.length <= maxBytes) yield whole;
    else yield* partsOf(whole, maxBytes);
    start = end;
  }
}

/** As many lines as have so many characters: in ASCII, so many bytes. */
function endOf(lines: readonly string[], start: number, maxBytes: number): number {
  let end = start;
  for (let length = 0; end < lines.length; end++) {
    length += lines[end]!.length;
    if (end > start && length > maxBytes) break;
  }
  return end;
}

function textOf(lines: readonly string[], start: number, end: number): string {
  return (start === 0 && end === lines.length ? lines : lines.slice(start, end)).join("");
}

function* partsOf({ start, bytes }: Chunk, maxBytes: number): Generator<Chunk> {
  let first = 0;
  let from = 0;
  let to = 0;
  const lengths = lengthsOf(bytes);
  for (const [index, length] of lengths.entries()) {
    if (to > from && to - from + length > maxBytes) {
      yield { start: start + first, end: start + index, bytes: bytes.subarray(from, to) };
      first = index;
      from = to;
    }
    to += length;
  }
  yield { start: start + first, end: start + lengths.length, bytes: bytes.subarray(from, to) };
}

/** Of each line, with its LF. */
export function lengthsOf(bytes: Buffer): readonly number[] {
  const lengths: number[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(lineFeed, from) + 1;
    lengths.push(end - from);
    from = end;
  }
  return lengths;
}

/** How many of a chunk's lines are in its first `written` bytes. */
export function linesWithin({ start, end, bytes }: Chunk, written: number): number {
  return written === bytes.length ? end - start : wholeLines(lengthsOf(bytes), written);
}

/**
 * How many of the first lines, of these lengths, `bytes` hold whole. One that only lacks its LF is whole: the next append
 * begins with it.
 */
export function wholeLines(lengths: readonly number[], bytes: number): number {
  let end = 0;
  let count = 0;
  for (const length of lengths) {
    end += length;
    if (end - 1 > bytes) break;
    count++;
  }
  return count;
}
