// How a segment's file looks. A head of 64 bytes with two marks (what has been removed; where it ends), then frames: a header of
// 36 bytes and an OTLP request. Every checksum begins with a seed that is of this file alone, so what an earlier use of the same
// file has left is never taken for a frame; and nothing in the head is needed to find the frames.
//
// Frames that are done with while older ones are not become a gap: the first one's header says how far to step.
//
//   mark    magic u32 | offset u32 | logs u32 | traces u32 | metrics u32 | crc32
//   frame   magic u32 | length u32 | signal u32 | items u32 | logs, traces, metrics before it u32 | crc32 of the request | crc32

import { crc32 } from "node:zlib";
import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import { addItems, type ItemCounts, noItems } from "../../component/index.ts";

export const headBytes = 64;
export const frameHeaderBytes = 36;
const markBytes = 24;

/** Where a mark stands in the head. */
export const markAt = { removed: 0, sealed: 32 } as const;
export type MarkName = keyof typeof markAt;

const frameMagic = 0x51_6d_76_64;
const markMagic = 0x4d_6d_76_64;
/** Behind the place there are gaps. */
const gapsMagic = 0x47_6d_76_64;
const signals: readonly (Signal | "gap")[] = ["logs", "traces", "metrics", "gap"];

/** A place in a segment, and how many items of each signal stand before it. */
export interface Mark {
  readonly offset: number;
  readonly items: Readonly<ItemCounts>;
  /** There are gaps behind it. */
  readonly gaps?: boolean;
}

export interface FrameHeader {
  /** Bytes of the request. */
  readonly length: number;
  readonly signal: Signal | "gap";
  readonly items: number;
  /** In the same segment. Of a gap: in it. */
  readonly before: Readonly<ItemCounts>;
  readonly crc: number;
}

/** Of the file with this number in the store of this name. */
export function seedOf(name: string, number: number): number {
  return crc32(`${name}/${number}`);
}

export function encodeMark({ offset, items, gaps = false }: Mark, seed: number): Buffer {
  const bytes = Buffer.alloc(markBytes);
  [gaps ? gapsMagic : markMagic, offset, items.logs, items.traces, items.metrics].forEach((value, index) => {
    bytes.writeUInt32LE(value, index * 4);
  });
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20), seed), 20);
  return bytes;
}

/** Undefined where there is none, or none of this file. */
export function decodeMark(head: Buffer, name: MarkName, seed: number): Mark | undefined {
  const at = markAt[name];
  if (head.length < at + markBytes) return undefined;
  const magic = head.readUInt32LE(at);
  if (magic !== markMagic && magic !== gapsMagic) return undefined;
  if (head.readUInt32LE(at + 20) !== crc32(head.subarray(at, at + 20), seed)) return undefined;
  return { offset: head.readUInt32LE(at + 4), items: countsAt(head, at + 8), gaps: magic === gapsMagic };
}

export function writeFrameHeader(target: Buffer, at: number, header: FrameHeader, seed: number): void {
  const { length, signal, items, before, crc } = header;
  const values = [frameMagic, length, signals.indexOf(signal), items, before.logs, before.traces, before.metrics, crc];
  values.forEach((value, index) => {
    target.writeUInt32LE(value, at + index * 4);
  });
  target.writeUInt32LE(crc32(target.subarray(at, at + 32), seed), at + 32);
}

/** Undefined where no header of this file stands there, whole and undamaged. */
export function readFrameHeader(bytes: Buffer, at: number, seed: number): FrameHeader | undefined {
  if (bytes.length < at + frameHeaderBytes || bytes.readUInt32LE(at) !== frameMagic) return undefined;
  if (bytes.readUInt32LE(at + 32) !== crc32(bytes.subarray(at, at + 32), seed)) return undefined;
  const signal = signals[bytes.readUInt32LE(at + 8)];
  if (signal === undefined) return undefined;
  return {
    length: bytes.readUInt32LE(at + 4),
    signal,
    items: bytes.readUInt32LE(at + 12),
    before: countsAt(bytes, at + 16),
    crc: bytes.readUInt32LE(at + 28),
  };
}

function countsAt(bytes: Buffer, at: number): ItemCounts {
  return {
    logs: bytes.readUInt32LE(at),
    traces: bytes.readUInt32LE(at + 4),
    metrics: bytes.readUInt32LE(at + 8),
  };
}

/** Little-endian, whatever the machine is. */
const magicBytes: Buffer = Buffer.from([0x64, 0x76, 0x6d, 0x51]);

/** Where the next frame of this file begins at or after `from`; undefined where there is none. */
export function findFrame(bytes: Buffer, from: number, seed: number): number | undefined {
  for (let at = bytes.indexOf(magicBytes, from); at >= 0; at = bytes.indexOf(magicBytes, at + 1)) {
    if (readFrameHeader(bytes, at, seed) !== undefined) return at;
  }
  return undefined;
}

export interface Scan {
  /** Behind the last whole frame, with the items up to it, those of damaged frames between included. */
  readonly end: Mark;
  readonly frames: number;
  /** In gaps behind `removed`: counted in `end`, and done with. */
  readonly gone: Readonly<ItemCounts>;
}

export function scanFrames(bytes: Buffer, removed: number, seed: number): Scan {
  let offset = headBytes;
  const items = noItems();
  const gone = noItems();
  let frames = 0;
  for (let at = findFrame(bytes, headBytes, seed); at !== undefined; at = findFrame(bytes, at, seed)) {
    const { length, signal, items: count, before, crc } = readFrameHeader(bytes, at, seed)!;
    const payloadAt = at + frameHeaderBytes;
    const payload = bytes.subarray(payloadAt, payloadAt + length);
    if (payload.length < length || (signal !== "gap" && crc32(payload) !== crc)) {
      at++;
      continue;
    }
    frames++;
    if (signal === "gap") {
      addItems(items, before);
      if (at >= removed) addItems(gone, before);
    } else {
      Object.assign(items, before);
      items[signal] += count;
    }
    at = payloadAt + length;
    offset = at;
  }
  return { end: { offset, items }, frames, gone };
}
