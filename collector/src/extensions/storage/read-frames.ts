// Batches out of a segment's bytes, in order, stepping over what is damaged.

import { crc32 } from "node:zlib";
import { type Batch, Logs, OpaqueBatch, type OtlpLimits } from "@chriscode/devmux-telemetry-protocol";
import { type FrameHeader, findFrame, frameHeaderBytes, readFrameHeader } from "./frame.ts";

/** Bytes of the file; fewer than asked for where it ends. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer>;

export interface FrameRange {
  readonly from: number;
  readonly end: number;
  readonly seed: number;
}

export interface Frame {
  readonly batch: Batch;
  /** Where the next one may begin. */
  readonly end: number;
}

export interface ReadFrames {
  /** Empty where up to `to` there are only gaps and damage. */
  readonly frames: readonly Frame[];
  readonly damaged: boolean;
  /** Where to go on. */
  readonly to: number;
}

/** Batches of ours, checked when they came in; a processor may have made one larger than a client may. */
const noLimits: Partial<OtlpLimits> = {
  maxBytes: Number.MAX_SAFE_INTEGER,
  maxRecords: Number.MAX_SAFE_INTEGER,
  maxValues: Number.MAX_SAFE_INTEGER,
};

/** The frames that one read of `chunkBytes` gives; one that is larger is read by itself. */
export async function readFrames(
  read: ReadBytes,
  { from, end, seed }: FrameRange,
  chunkBytes: number,
): Promise<ReadFrames> {
  const frames: Frame[] = [];
  let at = from;
  let damaged = false;
  let chunkAt = from;
  let chunk = await read(from, Math.min(end - from, chunkBytes));
  while (at < end) {
    const header = readFrameHeader(chunk, at - chunkAt, seed);
    const size = header === undefined ? frameHeaderBytes : frameHeaderBytes + header.length;
    if (header?.signal === "gap" && at + size <= end) {
      at += size;
      if (at < chunkAt + chunk.length) continue;
      if (frames.length > 0) break;
      [chunk, chunkAt] = [await read(at, Math.min(end - at, chunkBytes)), at];
      continue;
    }
    if (at + size > chunkAt + chunk.length && at + size <= end) {
      // What is read already goes out first; then the frame is read by itself, however large.
      if (frames.length > 0) break;
      const more = await read(at, size);
      if (more.length < size) return { frames, to: end, damaged: true };
      [chunk, chunkAt] = [more, at];
      continue;
    }
    const batch = header && at + size <= end ? decode(header, chunk, at - chunkAt + frameHeaderBytes) : undefined;
    if (header === undefined || batch === undefined) {
      if (frames.length > 0) break;
      damaged = true;
      const rest = await read(at, end - at);
      [chunk, chunkAt] = [rest, at];
      at += findFrame(rest, 1, seed) ?? end - at;
      continue;
    }
    at += size;
    frames.push({ batch, end: at });
  }
  return { frames, to: at, damaged };
}

function decode({ length, signal, crc }: FrameHeader, chunk: Buffer, at: number): Batch | undefined {
  const request = chunk.subarray(at, at + length);
  if (signal === "gap" || crc32(request) !== crc) return undefined;
  try {
    return signal === "logs"
      ? Logs.fromProtobuf(request, noLimits)
      : OpaqueBatch.fromProtobuf(signal, request, noLimits);
  } catch {
    // Whole, but not what this version of the program reads: lost, and counted as what is damaged.
    return undefined;
  }
}
