// Content-Encoding: a body as it was before compression, never larger than the limit.

import { promisify } from "node:util";
import zlib from "node:zlib";
import { OtlpHttpError } from "./answer.ts";

type Inflate = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate: Inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const zstd: Inflate = promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

// Not brotli: 600,000 to 1 bombs, and no OTLP client sends it.
const decoders: ReadonlyMap<string, Inflate> = new Map([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", inflate],
  ["zlib", inflate],
  ["zstd", zstd],
]);

/** Throws OtlpHttpError: 415 for an unknown encoding, 413 past `maxBytes`, 400 for what does not decompress. */
export async function decompress(body: Buffer, contentEncoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const name = contentEncoding?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity") return body;
  const decode = decoders.get(name);
  if (decode === undefined) {
    throw new OtlpHttpError(
      415,
      `Content-Encoding: expected one of ${[...decoders.keys()].join(", ")}, got ${JSON.stringify(name.slice(0, 40))}`,
    );
  }
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw new OtlpHttpError(413, `the body is larger than ${maxBytes} bytes when decompressed`);
    throw new OtlpHttpError(400, `the body is no ${name}: ${message}`);
  }
}
