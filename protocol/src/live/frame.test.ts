import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeExportFrame, parseExportFrame } from "./frame.ts";

const max = 1_048_576;

test("a frame is what PROTOCOL.md says, byte by byte", () => {
  expect([...encodeExportFrame(0x01020304, Uint8Array.of(9, 8))]).toEqual([0x44, 0x4d, 0x58, 1, 1, 2, 3, 4, 9, 8]);
});

test("any sequence and request comes back, also from the middle of a buffer", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), fc.uint8Array(), (sequence, request) => {
      const frame = encodeExportFrame(sequence, request);
      const shifted = new Uint8Array(frame.length + 3).subarray(3);
      shifted.set(frame);
      expect(parseExportFrame(shifted, max)).toEqual({ ok: true, frame: { sequence, request } });
    }),
  );
});

test.each<[string, number[], string]>([
  ["", [], "DEVMUX_BAD_FRAME"],
  ["a bare OTLP request", [0x0a, 2, 0x12, 0, 0, 0, 0, 0, 0], "DEVMUX_BAD_FRAME"],
  ["half a prefix", [0x44, 0x4d, 0x58, 1, 0, 0, 0], "DEVMUX_BAD_FRAME"],
  ["version 2", [0x44, 0x4d, 0x58, 2, 0, 0, 0, 1], "DEVMUX_UNKNOWN_VERSION"],
  ["sequence 0", [0x44, 0x4d, 0x58, 1, 0, 0, 0, 0], "DEVMUX_BAD_FRAME"],
])("refuses %s", (_, bytes, code) => {
  expect(parseExportFrame(Uint8Array.from(bytes), max)).toMatchObject({ ok: false, error: { code } });
});

test("a frame that is too long is refused with its sequence", () => {
  expect(parseExportFrame(encodeExportFrame(5, new Uint8Array(100)), 107)).toEqual({
    ok: false,
    error: { code: "DEVMUX_TOO_LARGE", error: "frame: expected at most 107 bytes, got 108", sequence: 5 },
  });
});
