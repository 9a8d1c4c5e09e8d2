// Content-Encoding: a body as it was before compression, never larger than the limit.

import { promisify } from "node:util";
import zlib from "node:zlib";
import { OtlpHttpError } from "./answer.ts";

type Inflate = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate: Inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const zstd: Inflate = promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

/** Not brotli: 600,000 to 1 bombs, and no OTLP client sends it. Not snappy and lz4: Node has neither. */
export const contentEncodings = ["gzip", "x-gzip", "deflate", "zlib", "zstd"] as const;

const decoders: Readonly<Record<(typeof contentEncodings)[number], Inflate>> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: inflate,
  zlib: inflate,
  zstd,
};

/**
 * `taken`: the encodings that are, with the empty one for none. Throws OtlpHttpError: 415 for any other, 413 past `maxBytes`, 400
 * for what does not decompress.
 */
export async function decompress(
  body: Buffer,
  contentEncoding: string | undefined,
  taken: readonly string[],
  maxBytes: number,
): Promise<Buffer> {
  const given = contentEncoding?.trim().toLowerCase() ?? "";
  const name = given === "identity" ? "" : given;
  if (!taken.includes(name)) {
    const expected = taken.map((each) => each || "none").join(", ");
    const got = name === "" ? "none" : JSON.stringify(name.slice(0, 40));
    throw new OtlpHttpError(415, `Content-Encoding: expected one of ${expected}, got ${got}`);
  }
  if (name === "") return body;
  const decode = decoders[name as keyof typeof decoders];
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw new OtlpHttpError(413, `the body is larger than ${maxBytes} bytes when decompressed`);
    throw new OtlpHttpError(400, `the body is no ${name}: ${message}`);
  }
}
