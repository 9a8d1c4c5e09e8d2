// Binary frames: eight bytes of prefix, then an OTLP/protobuf ExportLogsServiceRequest.
//
//   0  1  2   "DMX" (44 4d 58)
//   3         version, 1
//   4 … 7     sequence, unsigned 32 bits, big endian, from 1
//   8 …       the request

import type { Fault } from "./check.ts";
import { errorCodes } from "./errors.ts";
import { protocolVersion } from "./messages.ts";

export const framePrefixBytes = 8;
/** What the prefix holds; an `export` message has the same bound. At 1,000 messages a second it lasts 49 days. */
export const maxSequence = 0xffff_ffff;

const magic: readonly number[] = [0x44, 0x4d, 0x58];

export interface ExportFrame {
  readonly sequence: number;
  /** A view of the frame's own bytes. */
  readonly request: Uint8Array;
}

export function encodeExportFrame(sequence: number, request: Uint8Array): Uint8Array {
  const frame = new Uint8Array(framePrefixBytes + request.length);
  frame.set(magic);
  frame[3] = protocolVersion;
  new DataView(frame.buffer).setUint32(4, sequence);
  frame.set(request, framePrefixBytes);
  return frame;
}

/** Never throws. The error names the sequence where the prefix could be read that far. */
export function parseExportFrame(
  frame: Uint8Array,
  maxBinaryBytes: number,
): { readonly ok: true; readonly frame: ExportFrame } | { readonly ok: false; readonly error: Fault } {
  if (frame.length < framePrefixBytes || magic.some((byte, index) => frame[index] !== byte)) {
    const start = Array.from(frame.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    return refuse(
      errorCodes.badFrame,
      `frame: expected 44 4d 58 01 and a sequence of four bytes, got ${frame.length} bytes${start && ` beginning ${start}`}`,
    );
  }
  if (frame[3] !== protocolVersion) {
    return refuse(errorCodes.unknownVersion, `frame byte 3: expected version ${protocolVersion}, got ${frame[3]}`);
  }
  const sequence = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(4);
  if (sequence === 0) return refuse(errorCodes.badFrame, "frame bytes 4 to 7: expected a sequence from 1, got 0");
  if (frame.length > maxBinaryBytes) {
    return refuse(
      errorCodes.tooLarge,
      `frame: expected at most ${maxBinaryBytes} bytes, got ${frame.length}`,
      sequence,
    );
  }
  return { ok: true, frame: { sequence, request: frame.subarray(framePrefixBytes) } };
}

function refuse(code: Fault["code"], error: string, sequence?: number): { readonly ok: false; readonly error: Fault } {
  return { ok: false, error: sequence === undefined ? { code, error } : { code, error, sequence } };
}
