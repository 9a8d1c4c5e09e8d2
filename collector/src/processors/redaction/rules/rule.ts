// What a rule is: words by which it is found, and a pattern that says which part of a text is the secret.
//
// Patterns run on JavaScript's own engine, so they are ours alone, are tried at one place only (sticky) and repeat nothing
// inside a repetition: a try costs no more than the text it covers.

import type { Needle } from "../finder.ts";

export interface Rule {
  /** Names the rule in what replaces a secret, in counters and in `disabled_rules`. */
  readonly name: string;
  /** What it finds, for the README. */
  readonly finds: string;
  readonly needles: readonly Needle[];
  /**
   * The secret of the needle that begins at `at`, or undefined. The text is its UTF-8 bytes, one character each: no `\s`, which
   * would take the second byte of an à for a space.
   */
  find(text: string, at: number): Range | undefined;
  /** Whether a needle in raw bytes is worth a look; by default it is. Must say yes wherever `find` could. */
  readonly confirms?: (bytes: Uint8Array, at: number, end: number) => boolean;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export type Find = Rule["find"];

/** Finds what the first group of a sticky pattern is, where a match ends with it. */
export function byPattern(pattern: RegExp, accepts?: (secret: string) => boolean): Find {
  return (text, at) => {
    pattern.lastIndex = at;
    const secret = pattern.exec(text)?.[1];
    if (secret === undefined || accepts?.(secret) === false) return undefined;
    return { start: pattern.lastIndex - secret.length, end: pattern.lastIndex };
  };
}

/** The first that finds something. */
export function firstOf(...finds: readonly Find[]): Find {
  return (text, at) => {
    for (const find of finds) {
      const range = find(text, at);
      if (range !== undefined) return range;
    }
    return undefined;
  };
}

/** A word with the three bytes in a row by which it is found: `word("ghp_", "hp_")`. */
export function word(text: string, anchor: string): Needle {
  return { text, anchor, anyCase: false };
}

/** The same with letters of either case. */
export function anyCase(text: string, anchor: string): Needle {
  return { text, anchor, anyCase: true };
}
