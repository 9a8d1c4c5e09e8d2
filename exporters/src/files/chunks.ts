// Lines cut into writes: large enough to cost nothing per line, small enough that a crash tears little.

export interface Chunk {
  /** Lines `start` to `end`, `end` not included. */
  readonly start: number;
  readonly end: number;
  /** Of each line, in bytes of UTF-8. */
  readonly lengths: readonly number[];
  readonly bytes: number;
}

export const maxWriteBytes: number = 1024 * 1024;

/** A line that is longer than `maxBytes` is a chunk of its own. */
export function* chunksOf(lines: readonly string[], maxBytes: number = maxWriteBytes): Generator<Chunk> {
  for (let start = 0; start < lines.length; ) {
    const lengths: number[] = [];
    let bytes = 0;
    for (let index = start; index < lines.length; index++) {
      const length = Buffer.byteLength(lines[index]!);
      if (lengths.length > 0 && bytes + length > maxBytes) break;
      lengths.push(length);
      bytes += length;
    }
    yield { start, end: start + lengths.length, lengths, bytes };
    start += lengths.length;
  }
}

/** The text of a chunk's lines. */
export function bytesOf(lines: readonly string[], { start, end }: Chunk): Uint8Array {
  return Buffer.from((start === 0 && end === lines.length ? lines : lines.slice(start, end)).join(""));
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
