// Finds fixed words (needles) in bytes, many at once, at a speed near that of copying them.
//
// Only every second pair of bytes is looked at, in one table. Whatever its place, a needle has one of the two pairs of its anchor
// in such a place. The anchors are three bytes each that are rare in logs: the speed is that of text without such pairs.

/** A word to find. */
export interface Needle {
  /** ASCII. `?` stands for any byte. */
  readonly text: string;
  /** Three bytes in a row of `text`, without `?`, by which it is found. */
  readonly anchor: string;
  /** Letters of either case. */
  readonly anyCase: boolean;
}

/** Called for each needle in the bytes, with its number and where it begins, roughly in order. True ends the search. */
export type Visit = (needle: number, at: number) => boolean;

export interface Finder {
  /** Whether `visit` ended the search. */
  search(bytes: Uint8Array, start: number, end: number, visit: Visit): boolean;
}

/** Shorter ranges are not worth a view on 16-bit words. */
const shortRange = 64;
/** What a collector's receivers join in one step; larger buffers are not held on to. */
const maxKeptBuffer = 1_048_576;

export function createFinder(needles: readonly Needle[]): Finder {
  const patterns = needles.map(patternOf);
  const { lists, candidates } = tablesOf(needles);
  let viewed: ArrayBufferLike | undefined;
  let words: Uint16Array = new Uint16Array(0);

  function wordsOf(buffer: ArrayBufferLike): Uint16Array {
    if (viewed === buffer) return words;
    const view = new Uint16Array(buffer, 0, buffer.byteLength >> 1);
    if (buffer.byteLength <= maxKeptBuffer) {
      words = view;
      viewed = buffer;
    }
    return view;
  }

  /** Looks at the pair at `at`, which is in a list. */
  function check(bytes: Uint8Array, at: number, start: number, end: number, list: number, visit: Visit): boolean {
    const found = candidates[list]!;
    for (let i = 0; i < found.length; i++) {
      const { needle, offset, beside, fold, wanted } = found[i]!;
      if ((bytes[at + beside]! | fold) !== wanted) continue;
      const from = at - offset;
      if (from >= start && matches(patterns[needle]!, bytes, from, end) && visit(needle, from)) return true;
    }
    return false;
  }

  /** From an even place of the buffer on, one pair after the other. */
  function searchPairs(bytes: Uint8Array, from: number, start: number, end: number, visit: Visit): boolean {
    for (let at = from; at + 1 < end; at += 2) {
      const list = lists[wordOf(bytes[at]!, bytes[at + 1]!)]!;
      if (list !== 0 && check(bytes, at, start, end, list, visit)) return true;
    }
    return false;
  }

  return {
    search(bytes, start, end, visit) {
      const { buffer, byteOffset } = bytes;
      if (end - start < shortRange) return searchPairs(bytes, start + ((byteOffset + start) & 1), start, end, visit);
      const all = wordsOf(buffer);
      let word = (byteOffset + start + 1) >> 1;
      const last = ((byteOffset + end) >> 1) - 8;
      for (; word <= last; word += 8) {
        const near = lists[all[word]!]! | lists[all[word + 1]!]! | lists[all[word + 2]!]! | lists[all[word + 3]!]!;
        const far = lists[all[word + 4]!]! | lists[all[word + 5]!]! | lists[all[word + 6]!]! | lists[all[word + 7]!]!;
        if ((near | far) === 0) continue;
        const until = word + (far === 0 ? 4 : 8);
        for (let i = word + (near === 0 ? 4 : 0); i < until; i++) {
          const list = lists[all[i]!]!;
          if (list !== 0 && check(bytes, 2 * i - byteOffset, start, end, list, visit)) return true;
        }
      }
      return searchPairs(bytes, 2 * word - byteOffset, start, end, visit);
    },
  };
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Two bytes as this machine reads them. */
function wordOf(first: number, second: number): number {
  return littleEndian ? first | (second << 8) : (first << 8) | second;
}

/** A needle, byte for byte: `(byte | fold) === wanted`, where fold is 0x20 for letters of either case. */
interface Pattern {
  readonly length: number;
  readonly fold: Uint8Array;
  readonly wanted: Uint8Array;
}

function matches({ length, fold, wanted }: Pattern, bytes: Uint8Array, from: number, end: number): boolean {
  if (from + length > end) return false;
  for (let i = 0; i < length; i++) if ((bytes[from + i]! | fold[i]!) !== wanted[i]) return false;
  return true;
}

function patternOf({ text, anyCase }: Needle): Pattern {
  const fold = new Uint8Array(text.length);
  const wanted = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const char = anyCase ? text[i]!.toLowerCase() : text[i]!;
    // Any byte at all becomes 0xff.
    fold[i] = char === "?" ? 0xff : anyCase && /[a-z]/.test(char) ? 0x20 : 0;
    wanted[i] = char === "?" ? 0xff : char.charCodeAt(0);
  }
  return { length: text.length, fold, wanted };
}

/** What a pair of bytes may be part of. */
interface Candidate {
  readonly needle: number;
  /** From the needle's beginning to the pair. */
  readonly offset: number;
  /** The third byte of the anchor: from the pair to it, and what it is. Looked at first: it rules out nearly all. */
  readonly beside: number;
  readonly fold: number;
  readonly wanted: number;
}

interface Tables {
  /** By pair of bytes: 0, or the number of a list in `candidates`. */
  readonly lists: Uint8Array;
  readonly candidates: readonly (readonly Candidate[])[];
}

function tablesOf(needles: readonly Needle[]): Tables {
  const byWord = new Map<number, Candidate[]>();
  needles.forEach((needle, number) => {
    const { text, anchor, anyCase } = needle;
    const at = text.indexOf(anchor);
    if (anchor.length !== 3 || anchor.includes("?") || at < 0)
      throw new RangeError(`expected three bytes of ${JSON.stringify(text)}, got ${JSON.stringify(anchor)}`);
    const { fold, wanted } = patternOf({ ...needle, text: anchor });
    const pairs = [
      { needle: number, offset: at, beside: 2, fold: fold[2]!, wanted: wanted[2]! },
      { needle: number, offset: at + 1, beside: -1, fold: fold[0]!, wanted: wanted[0]! },
    ];
    for (const pair of pairs) {
      for (const first of bytesOf(text[pair.offset]!, anyCase)) {
        for (const second of bytesOf(text[pair.offset + 1]!, anyCase)) {
          const word = wordOf(first, second);
          byWord.set(word, [...(byWord.get(word) ?? []), pair]);
        }
      }
    }
  });
  return listsOf(byWord);
}

function bytesOf(char: string, anyCase: boolean): readonly number[] {
  const cases = anyCase ? [char.toLowerCase(), char.toUpperCase()] : [char];
  return [...new Set(cases.map((one) => one.charCodeAt(0)))];
}

/** Pairs that may be part of the same needles share a list. */
function listsOf(byWord: ReadonlyMap<number, readonly Candidate[]>): Tables {
  const lists = new Uint8Array(65_536);
  const candidates: (readonly Candidate[])[] = [[]];
  const known = new Map<string, number>();
  for (const [word, ofWord] of byWord) {
    const key = JSON.stringify(ofWord);
    const list = known.get(key) ?? candidates.push(ofWord) - 1;
    known.set(key, list);
    if (list > 255) throw new RangeError("expected fewer needles: a list's number has to fit into a byte");
    lists[word] = list;
  }
  return { lists, candidates };
}
