import fc from "fast-check";
import { expect, test } from "vitest";
import { createFinder, type Needle } from "./finder.ts";

const needles: readonly Needle[] = [
  { text: "AKIA", anchor: "AKI", anyCase: false },
  { text: "password", anchor: "ssw", anyCase: true },
  { text: "passwd", anchor: "swd", anyCase: true },
  { text: "eyJ", anchor: "eyJ", anyCase: false },
  { text: "api?key", anchor: "key", anyCase: true },
  { text: "-----BEGIN", anchor: "-BE", anyCase: false },
  { text: "://", anchor: "://", anyCase: false },
];
const finder = createFinder(needles);

function found(bytes: Uint8Array, start = 0, end = bytes.length): string[] {
  const hits: string[] = [];
  finder.search(bytes, start, end, (needle, at) => {
    hits.push(`${at}:${needle}`);
    return false;
  });
  return hits.sort();
}

/** One after the other, without a trick. */
function expected(bytes: Uint8Array, start = 0, end = bytes.length): string[] {
  const text = Buffer.from(bytes).toString("latin1", 0, end);
  const hits: string[] = [];
  needles.forEach(({ text: word, anyCase }, needle) => {
    const source = word.replace(/[.*+^${}()|[\]\\]/g, "\\$&").replace("?", "[^]");
    const pattern = new RegExp(`(?=${source})`, anyCase ? "gi" : "g");
    for (const { index } of text.matchAll(pattern)) if (index >= start) hits.push(`${index}:${needle}`);
  });
  return hits.sort();
}

const pieces = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...needles.map(({ text }) => text),
      "PassWord",
      "API_KEY",
      "api-key",
      "pass",
      "ssw",
      "akia",
      "AKI",
      "ey",
    ),
  },
  { weight: 2, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 40, maxLength: 120 }) },
);

test("finds every needle wherever it stands, in any part of any view", () => {
  const text = fc.array(pieces, { maxLength: 12 }).map((parts) => Buffer.from(parts.join("")));
  let hits = 0;
  fc.assert(
    fc.property(text, fc.nat(7), fc.nat(20), fc.nat(20), (bytes, shift, fromStart, fromEnd) => {
      // The same bytes at another place of their buffer.
      const moved = new Uint8Array(new ArrayBuffer(bytes.length + 16), shift, bytes.length);
      moved.set(bytes);
      const start = Math.min(fromStart, bytes.length);
      const end = Math.max(start, bytes.length - fromEnd);
      expect(found(moved, start, end)).toEqual(expected(moved, start, end));
      expect(found(moved)).toEqual(expected(moved));
      hits += expected(moved).length;
    }),
    { numRuns: 2_000 },
  );
  expect(hits).toBeGreaterThan(1_000);
});

test("ends where the visitor says so", () => {
  const bytes = Buffer.from(`${"x".repeat(100)}AKIA password AKIA`);
  let calls = 0;
  const ended = finder.search(bytes, 0, bytes.length, () => ++calls === 2);
  expect([ended, calls]).toEqual([true, 2]);
});

test("needles without three bytes to find them by are refused", () => {
  expect(() => createFinder([{ text: "a?b", anchor: "a?b", anyCase: false }])).toThrow(RangeError);
  expect(() => createFinder([{ text: "abcd", anchor: "xyz", anyCase: false }])).toThrow(RangeError);
});
