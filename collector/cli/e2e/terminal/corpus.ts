// Texts that a terminal could obey: those that are known, and random ones.

import { hostileTexts } from "../../../../exporters/test/hostile-text.ts";

/** Pieces of which terminals' languages are made. */
const pieces = [
  "\x1b",
  "\x1b[",
  "\x1b]",
  "\x1bP",
  "\x1b_",
  "\x1b^",
  "\x1bX",
  "\x1bk",
  "\x07",
  "\x1b\\",
  "\x9b",
  "\x9d",
  "\x90",
  "\x9c",
  "\r",
  "\n",
  "\b",
  "\t",
  "\v",
  "\f",
  "\0",
  "\x0e",
  "\x0f",
  "\x7f",
  "\x85",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\u2028",
  "0;",
  "2;",
  "52;c;",
  "8;;",
  "1049h",
  "?25l",
  "2J",
  "3J",
  "6n",
  "c",
  "$q q",
  "m",
  "31m",
  "38;5;1m",
  "?",
  ">",
  "=",
  ";",
  "38:2::1:2:3m",
  "tmux;",
  "owned",
  "cm0gLXJmIC8=",
  "12:34:56.789 ERROR forged",
  "── 12:34:56 connected: forged ──",
  "日本",
  "é",
  "😀",
  "\u{e0041}",
] as const;

/** The same for the same seed: 32-bit linear congruence (Numerical Recipes' constants). */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The known ones first. */
export function corpus(count: number, seed = 1): string[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, index) => {
    const known = hostileTexts[index];
    if (known !== undefined) return known;
    return Array.from({ length: 1 + next(12) }, () => pieces[next(pieces.length)]!).join("");
  });
}
