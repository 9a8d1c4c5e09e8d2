import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPlain, sanitiseLine } from "./sanitise.ts";

const color = { color: true, maxLineChars: 8192 };
const plain = { color: false, maxLineChars: 8192 };

describe("sanitiseLine", () => {
  it.each([
    ["plain text stays", "GET /index.html 200", "GET /index.html 200"],
    ["letters, CJK and emoji stay", "naïve 日本語 🎉 ✅", "naïve 日本語 🎉 ✅"],
    ["tab", "a\tb", "a    b"],
    ["carriage return", "ERROR all is lost\rINFO all good", "ERROR all is lost\\rINFO all good"],
    ["backspace and bell", "a\b\x07", "a\\x08\\x07"],
    ["NUL and DEL", "\0\x7f", "\\x00\\x7f"],
    ["vertical tab and form feed", "\v\f", "\\x0b\\x0c"],
    ["OSC 52, which sets the clipboard", "\x1b]52;c;cm0gLXJmIC8=\x07", "\\x1b]52;c;cm0gLXJmIC8=\\x07"],
    ["OSC 0, which sets the title", "\x1b]0;owned\x1b\\", "\\x1b]0;owned\\x1b\\"],
    ["a title by ESC k", "\x1bkowned\x1b\\", "\\x1bkowned\\x1b\\"],
    ["device attributes", "\x1b[c\x1b[0c\x1b[>q", "\\x1b[c\\x1b[0c\\x1b[>q"],
    ["clear screen and history", "\x1b[2J\x1b[3J", "\\x1b[2J\\x1b[3J"],
    ["alternate screen", "\x1b[?1049h", "\\x1b[?1049h"],
    ["unterminated DCS", "\x1bPq", "\\x1bPq"],
    ["DECRQSS", "\x1bP$q q\x1b\\", "\\x1bP$q q\\x1b\\"],
    ["8-bit CSI and OSC", "\x9b2J\x9d0;x\x9c", "\\x9b2J\\x9d0;x\\x9c"],
    ["right-to-left override", "user\u202eexe.txt", "user\\u202eexe.txt"],
    ["bidirectional isolates", "\u2066x\u2069", "\\u2066x\\u2069"],
    ["zero width", "pass\u200bword\ufeff", "pass\\u200bword\\ufeff"],
    ["line separators", "a\u2028b\u2029c\u0085d", "a\\u2028b\\u2029c\\x85d"],
    ["tags that hide a text", "hi\u{e0041}\u{e0042}", "hi\\u{e0041}\\u{e0042}"],
    ["half a surrogate pair", "a\ud800b\udc00", "a\ufffdb\ufffd"],
    ["an SGR sequence that is too long", `\x1b[${"1;".repeat(20)}m`, `\\x1b[${"1;".repeat(20)}m`],
    ["a private one", "\x1b[?1m\x1b[>4m", "\\x1b[?1m\\x1b[>4m"],
  ])("%s", (_, text, shown) => {
    expect(sanitiseLine(text, color)).toBe(shown);
    expect(sanitiseLine(text, plain)).toBe(shown);
  });

  it("keeps colors, or takes them out", () => {
    const text = "\x1b[1;31mred\x1b[0m \x1b[38:5:208morange\x1b[m";
    expect(sanitiseLine(text, color)).toBe(text);
    expect(sanitiseLine(text, plain)).toBe("red orange");
  });

  it("cuts a long line and says by how much", () => {
    expect(sanitiseLine("x".repeat(10_000), plain)).toBe(`${"x".repeat(8192)}…(+1808)`);
    expect(sanitiseLine("x".repeat(8192), plain)).toBe("x".repeat(8192));
  });

  it("cuts what grew by escaping, and escapes no more than it shows", () => {
    const shown = sanitiseLine("\x1b".repeat(1_000_000), plain);
    expect(shown.length).toBeLessThan(8192 + 20);
    expect(shown).toMatch(/^(?:\\x1b){2048}…\(\+\d+\)$/);
  });

  it("cuts neither a surrogate pair nor a color in two", () => {
    expect(sanitiseLine(`${"x".repeat(9)}🎉rest`, { color: true, maxLineChars: 10 })).toBe(
      `${"x".repeat(9)}\ufffd…(+5)`,
    );
    const inColor = sanitiseLine(`${"é".repeat(8)}\x1b[31mred`, { color: true, maxLineChars: 10 });
    expect(inColor).not.toContain("\x1b[3…");
  });

  it("lets nothing through but printable text and SGR, whatever comes", () => {
    const nasty = fc.constantFrom(
      "\x1b[",
      "\x1b]",
      "\x1bP",
      "\x07",
      "\r",
      "\x9b",
      "m",
      ";",
      "31",
      "\u202e",
      "\u{e0001}",
      "?",
      "é",
      "🎉",
    );
    const text = fc
      .array(fc.oneof(nasty, fc.string({ unit: "binary" })))
      .map((parts) => parts.join("").replace(/\n/g, ""));
    fc.assert(
      fc.property(text, fc.boolean(), fc.integer({ min: 1, max: 100 }), (given, keep, maxLineChars) => {
        const shown = sanitiseLine(given, { color: keep, maxLineChars });
        const rest = keep ? shown.replace(/\x1b\[[0-9;:]{0,29}m/g, "") : shown;
        expect(rest).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029]/);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.length).toBeLessThanOrEqual(maxLineChars + 20);
      }),
      { numRuns: 2000 },
    );
  });

  it("knows plain text", () => {
    expect(isPlain("all printable ASCII ~!")).toBe(true);
    expect(isPlain("a\nb")).toBe(false);
    expect(isPlain("é")).toBe(false);
  });
});
