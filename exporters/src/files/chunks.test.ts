import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunksOf, lengthsOf, linesWithin } from "./chunks.ts";

/** A line as the exporters write them: no LF but the last. */
const line = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => `${text.replaceAll("\n", " ")}\n`);

describe("lines in chunks", () => {
  it("are all there, in order, whole, and no more in one than it may hold", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 1, max: 300 }), (lines, maxBytes) => {
        const chunks = [...chunksOf(lines, maxBytes)];
        expect(chunks.map(({ bytes }) => bytes.toString()).join("")).toBe(lines.join(""));
        let next = 0;
        for (const { start, end, bytes } of chunks) {
          expect(start).toBe(next);
          next = end;
          expect(bytes.toString()).toBe(lines.slice(start, end).join(""));
          expect(bytes.length <= maxBytes || end - start === 1).toBe(true);
        }
        expect(next).toBe(lines.length);
      }),
    );
  });

  it("are counted by the bytes that were written; one that only lacks its LF is whole", () => {
    const lines = ["a\n", "漢\n", "ccc\n"];
    const [chunk] = [...chunksOf(lines)];
    expect(lengthsOf(chunk!.bytes)).toEqual([2, 4, 4]);
    expect(Array.from({ length: 11 }, (_, written) => linesWithin(chunk!, written))).toEqual([
      0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3,
    ]);
  });
});
