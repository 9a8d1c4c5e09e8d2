// A run of bytes as text in one go, a character for each byte, so that the texts in it can be cut out: one call of a decoder takes
// about as long for a record as for one text. Only texts that are ASCII may be cut out.

import { Scratch } from "./scratch.ts";
import { textAt } from "./utf8.ts";

export interface Window {
  /** Undefined where cutting is not worth it: then it is text in another script. */
  decode(start: number, end: number): string | undefined;
  /** Whether what was last decoded has in [start, end), places in the bytes, what is there. */
  isSame(start: number, end: number): boolean;
}

/** Node's Buffer, the part that is used: it makes text of bytes without a look at them. */
interface NodeBuffer {
  toString(encoding: "latin1", start: number, end: number): string;
}
declare const Buffer: { from(bytes: ArrayBufferLike, offset: number, length: number): NodeBuffer } | undefined;

/** `maxLength`: of what is decoded; a multiple of 128. */
export function createWindow(bytes: Uint8Array, view: DataView, maxLength: number): Window {
  return typeof Buffer === "undefined" ? scratchWindow(view, maxLength) : nodeWindow(bytes, view);
}

/** Measured on Node 24: a fifth less for the full decode of a record than by way of a copy. */
function nodeWindow({ buffer, byteOffset, byteLength }: Uint8Array, view: DataView): Window {
  const decoder = Buffer!.from(buffer, byteOffset, byteLength);
  return {
    decode: (start, end) => decoder.toString("latin1", start, end),
    isSame: (start, end) => isAscii(view, start, end),
  };
}

/** Everywhere else: what the decoder gets is a copy that is all ASCII. */
export function scratchWindow(view: DataView, maxLength: number): Window {
  const scratch = new Scratch(maxLength);
  let from = 0;
  return {
    decode(start, end) {
      from = start;
      return scratch.copy(view, start, end - start) ? textAt(scratch.bytes, 0, end - start) : undefined;
    },
    isSame: (start, end) => scratch.isSame(start - from, end - from),
  };
}

function isAscii(view: DataView, start: number, end: number): boolean {
  let bits = 0;
  let at = start;
  for (; at + 8 <= end; at += 8) bits |= view.getInt32(at, true) | view.getInt32(at + 4, true);
  for (; at < end; at++) bits |= view.getInt8(at) & 0x80;
  return (bits & 0x80808080) === 0;
}
