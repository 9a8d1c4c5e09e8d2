// The export requests of a file of OTLP/JSON lines, as the `file` exporter and the OTel Collector's write them; gzip and zstd by
// their first bytes. Reads as far as the file reached at the start, so that a file that is written meanwhile comes to an end.

import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { Signal } from "@chriscode/devmux-telemetry-protocol";

export interface RecordedRequest {
  /** From 1. */
  readonly line: number;
  readonly signal: Signal;
  /** The line as it stands. */
  readonly json: Buffer;
  /** Unix milliseconds of the first record, span or data point; undefined where it has none. */
  readonly timeMs: number | undefined;
}

/** A line that is no request; a crash leaves one at the end. */
export interface UnreadableLine {
  readonly line: number;
  readonly problem: string;
}

/** A request is at most 64 MiB (OTLP's limit for receivers); as JSON text it is larger than as protobuf. */
const maxLineBytes = 256 * 1024 * 1024;
const lineFeed = 0x0a;

/** Throws what node:fs and node:zlib throw. */
export async function* readRequests(path: string): AsyncGenerator<RecordedRequest | UnreadableLine> {
  let line = 0;
  for await (const bytes of linesOf(await openText(path))) {
    line++;
    if (typeof bytes === "string") yield { line, problem: bytes };
    else if (bytes.length > 0) yield toRequest(line, bytes);
  }
}

async function openText(path: string): Promise<Readable> {
  const file = await open(path);
  const { size } = await file.stat();
  const { buffer: magic } = await file.read(Buffer.alloc(4), 0, 4, 0);
  await file.close();
  const raw = createReadStream(path, { end: Math.max(0, size - 1) });
  const engine =
    magic.readUInt16BE() === 0x1f8b
      ? createGunzip()
      : magic.readUInt32LE() === 0xfd2fb528
        ? createZstdDecompress()
        : undefined;
  if (engine === undefined) return raw;
  raw.once("error", (error) => engine.destroy(error));
  return raw.pipe(engine);
}

/** Lines without their end; a sentence where one is too long to be kept. */
async function* linesOf(stream: Readable): AsyncGenerator<Buffer | string> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (): Buffer | string => {
    const line = size > maxLineBytes ? `longer than ${maxLineBytes} bytes` : Buffer.concat(parts);
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      keep(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (size > 0) yield take();

  function keep(part: Buffer): void {
    size += part.length;
    if (size <= maxLineBytes) parts.push(part);
    else parts = [];
  }
}

const signalOf: Readonly<Record<string, Signal>> = {
  resourceLogs: "logs",
  resourceSpans: "traces",
  resourceMetrics: "metrics",
};
/** Spans have a start; logs may have only the time at which they were seen. */
const timeOf = /"(?:timeUnixNano|startTimeUnixNano|observedTimeUnixNano)"\s*:\s*"?(\d{1,20})/;

function toRequest(line: number, json: Buffer): RecordedRequest | UnreadableLine {
  let request: unknown;
  const text = json.toString("utf8");
  try {
    request = JSON.parse(text);
  } catch {
    return { line, problem: "no JSON; perhaps cut off" };
  }
  const key = Object.keys(request ?? {}).find((each) => each in signalOf);
  if (key === undefined)
    return { line, problem: "no OTLP/JSON request: expected resourceLogs, resourceSpans or resourceMetrics" };
  const nano = timeOf.exec(text)?.[1];
  const timeMs = nano === undefined || nano === "0" ? undefined : Number(BigInt(nano) / 1_000_000n);
  return { line, signal: signalOf[key]!, json, timeMs };
}
