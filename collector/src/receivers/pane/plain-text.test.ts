import { expect, it } from "vitest";
import { plainText } from "./plain-text.ts";

it.each([
  ["plain äöü 漢字 🎉\ttab", "plain äöü 漢字 🎉\ttab"],
  ["\x1b[1;31mred\x1b[0m \x1b[38;5;12mblue\x1b[m", "red blue"],
  ["\x1b[38:2::1:2:3mtrue colour", "true colour"],
  ["\x1b]0;title\x07text", "text"],
  ["\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"],
  ["\x1bPdcs\x1b\\text\x1b^pm\x1b\\\x1b_apc\x1b\\", "text"],
  ["\x1b]0;never ended", "0;never ended"],
  ["\x1bP\x1b]x\x1b[31mend", "xend"],
  ["\x1b[2J\x1b[H\x1b[?25lcleared", "cleared"],
  ["\x1b(B\x1b=\x1b>\x1b7\x1bMx", "x"],
  ["a\x9b31mb\x9d0;t\x9cc", "abc"],
  ["\x1b[", ""],
  ["\x1b", ""],
  ["bell\x07 back\x08 null\x00 del\x7f", "bell back null del"],
  ["\u202eright to left\u200b\ufeff", "right to left"],
])("%j is %j", (raw, plain) => {
  expect(plainText(raw)).toBe(plain);
});

it("leaves nothing that a terminal obeys, whatever comes, and keeps the letters outside of sequences", () => {
  const parts = [
    "\x1b",
    "[",
    "]",
    "P",
    "0;",
    "m",
    "\x07",
    "\x1b\\",
    "\x9b",
    "\x9d",
    "\x9c",
    "text",
    "\u202e",
    "\x90",
    "(",
    "7",
    "\r",
  ];
  let seed = 3;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * parts.length);
  };
  for (let round = 0; round < 5_000; round++) {
    const raw = Array.from({ length: 12 }, () => parts[random()]).join("");
    expect(plainText(raw)).toMatch(/^[\t\x20-\x7e]*$/);
  }
});

it("takes time in proportion to the text", () => {
  const begun = performance.now();
  for (const unit of ["\x1b]", "\x1bP", "\x9d", "\x1b["]) plainText(unit.repeat(100_000));
  expect(performance.now() - begun).toBeLessThan(2_000);
});
