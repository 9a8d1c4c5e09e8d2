import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Halves, int64At, low32At, msToNanos, nanosToMs, parseUint64, uint64At } from "./int64.ts";
import { createWindow, scratchWindow } from "./window.ts";
import { Writer } from "./writer.ts";

function big({ lo, hi }: Halves): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo);
}

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe("64-bit numbers", () => {
  test("nanoseconds become whole milliseconds, exactly", () => {
    fc.assert(
      fc.property(uint64, (nanos) => {
        expect(nanosToMs(Number(nanos & 0xffffffffn), Number(nanos >> 32n))).toBe(Number(nanos / 1_000_000n));
      }),
    );
  });

  test("milliseconds become nanoseconds, exactly for whole ones, to the nanosecond for fractions", () => {
    const halves = { lo: 0, hi: 0 };
    fc.assert(
      fc.property(fc.nat({ max: 9_000_000_000_000 }), fc.nat({ max: 63 }), (ms, fraction) => {
        msToNanos(ms, halves);
        expect(big(halves)).toBe(BigInt(ms) * 1_000_000n);
        msToNanos(ms / 1000 + fraction / 64, halves);
        const exact = BigInt(Math.floor(ms / 1000 + fraction / 64)) * 1_000_000n;
        expect(big(halves) - exact).toBe(BigInt(Math.round(((ms / 1000 + fraction / 64) % 1) * 1e6)));
      }),
    );
    for (const none of [0, -1, Number.NaN]) {
      msToNanos(none, halves);
      expect(big(halves)).toBe(0n);
    }
    msToNanos(Number.POSITIVE_INFINITY, halves);
    expect(big(halves)).toBe(2n ** 64n - 1n);
  });

  test("digits parse to what they say, up to 2^64", () => {
    const halves = { lo: 0, hi: 0 };
    fc.assert(
      fc.property(uint64, (value) => {
        expect(parseUint64(value.toString(), halves)).toBe(true);
        expect(big(halves)).toBe(value);
      }),
    );
    for (const wrong of [
      "",
      "-1",
      "1.0",
      " 1",
      "1e3",
      "18446744073709551616",
      "99999999999999999999",
      "123456789012345678901",
    ]) {
      expect(parseUint64(wrong, halves)).toBe(false);
    }
  });

  test("varints are read as they were written", () => {
    fc.assert(
      fc.property(int64, (value) => {
        const writer = new Writer(1);
        writer.varint64(value);
        const read = int64At(writer.bytes, 0, writer.pos);
        expect(BigInt(read)).toBe(value);
        expect(typeof read).toBe(
          Number.isSafeInteger(Number(value)) && BigInt(Number(value)) === value ? "number" : "bigint",
        );
        expect(uint64At(writer.bytes, 0, writer.pos)).toBe(BigInt.asUintN(64, value));
        expect(low32At(writer.bytes, 0, writer.pos)).toBe(Number(BigInt.asIntN(32, value)));
      }),
    );
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (value) => {
        const writer = new Writer(1);
        writer.varint(value);
        expect(int64At(writer.bytes, 0, writer.pos)).toBe(value);
      }),
    );
  });
});

describe("Writer", () => {
  test("moves a message whose length needs more or less room than was expected", () => {
    fc.assert(
      fc.property(fc.nat({ max: 20_000 }), fc.nat({ max: 20_000 }), (length, expected) => {
        const writer = new Writer(4);
        writer.byte(7);
        const begun = writer.begin(expected);
        writer.raw(new Uint8Array(length).fill(5));
        expect(writer.end(begun, expected)).toBe(length);
        const plain = new Writer(4);
        plain.byte(7);
        plain.varint(length);
        plain.raw(new Uint8Array(length).fill(5));
        expect(writer.slice()).toEqual(plain.slice());
      }),
    );
  });

  test("copies of a view are the bytes and nothing more", () => {
    const from = Uint8Array.from({ length: 600 }, (_, i) => i & 255);
    const view = new DataView(from.buffer);
    fc.assert(
      fc.property(fc.nat({ max: 600 }), fc.nat({ max: 600 }), (one, other) => {
        const [start, end] = one < other ? [one, other] : [other, one];
        const writer = new Writer(2);
        writer.copyView(view, start, end - start);
        writer.byte(9);
        expect(writer.slice()).toEqual(Uint8Array.from([...from.subarray(start, end), 9]));
      }),
    );
  });
});

test.each([
  ["Node's", createWindow],
  ["the one of browsers", (_bytes: Uint8Array, view: DataView, max: number) => scratchWindow(view, max)],
])("a window, %s, gives every ASCII text that is in it, and no other", (_name, create) => {
  const byte = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 127 }) }, fc.integer({ min: 0, max: 255 }));
  const given = fc.tuple(fc.array(byte, { minLength: 64, maxLength: 512 }), fc.nat(40), fc.nat(511), fc.nat(511));
  fc.assert(
    fc.property(given, ([list, start, one, other]) => {
      const bytes = Uint8Array.from(list);
      const window = create(bytes, new DataView(bytes.buffer), 512);
      const text = window.decode(start, bytes.length);
      if (text === undefined) return;
      expect(text).toHaveLength(bytes.length - start);
      const inside = (place: number) => start + (place % (bytes.length - start));
      const [from, to] = [inside(one), inside(other)].sort((a, b) => a - b) as [number, number];
      const isAscii = bytes.subarray(from, to).every((each) => each < 128);
      if (from === to) return;
      expect(window.isSame(from, to)).toBe(isAscii);
      if (isAscii)
        expect(text.substring(from - start, to - start)).toBe(String.fromCharCode(...bytes.subarray(from, to)));
    }),
  );
});
