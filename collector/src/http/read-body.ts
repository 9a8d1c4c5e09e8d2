// The body of a request as one run of bytes, never more than a bound, and without garbage: what it came in is given back at once.

import type { IncomingMessage } from "node:http";

/** The request is larger than it may be; what is left of it has not been read. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** The connection ended, or what came over it was no HTTP, before the request was whole. */
export class BodyCutShort extends Error {
  override readonly name = "BodyCutShort";
}

/** Rejects with `BodyTooLarge`, before anything is read where the request says how long it is; or with `BodyCutShort`. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const declared = request.headers["content-length"] === undefined ? 0 : Number(request.headers["content-length"]);
  if (declared > maxBytes) return Promise.reject(new BodyTooLarge());
  // Who only says that much is coming gets no memory for it.
  let body = Buffer.allocUnsafeSlow(Math.min(declared, trustedBytes));
  let length = 0;

  function add(chunk: Buffer): void {
    if (length + chunk.length > body.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length + chunk.length, Math.min(body.length * 2, maxBytes)));
      grown.set(body.subarray(0, length));
      giveBack(body);
      body = grown;
    }
    body.set(chunk, length);
    length += chunk.length;
    giveBack(chunk);
  }

  return new Promise((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      if (length + chunk.length > maxBytes) {
        request.pause();
        request.removeAllListeners("data");
        reject(new BodyTooLarge());
      } else add(chunk);
    });
    request.on("end", () => resolve(body.subarray(0, length)));
    request.on("error", (cause) => reject(new BodyCutShort(cause.message, { cause })));
    request.on("close", () => reject(new BodyCutShort("the connection ended")));
  });
}

/** A usual batch fits in at once; more grows with what arrives. */
const trustedBytes = 1024 * 1024;

/**
 * Memory that nobody else points into goes back now and not when garbage is collected, which is some 60 MB later: V8 counts the
 * objects, which are small, not what they hold.
 */
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
