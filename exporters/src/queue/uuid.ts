// Random UUIDs, many at a time: `randomUUID` of node:crypto takes twice as long and half a kilobyte for each.

import { randomFillSync } from "node:crypto";

/** As many as a slice of a batch needs. */
const pooled = 256;
const bytesEach = 16;
const length = 36;
const hyphen = 0x2d;
const digits = Buffer.from("0123456789abcdef");

/** RFC 9562, version 4. */
export function createUuids(): () => string {
  const random = new Uint8Array(pooled * bytesEach);
  const text = Buffer.alloc(pooled * length);
  let made = "";
  let next = pooled;

  function refill(): void {
    randomFillSync(random);
    for (let index = 0; index < pooled; index++) write(random, index * bytesEach, text, index * length);
    made = text.toString("latin1");
    next = 0;
  }

  return () => {
    if (next === pooled) refill();
    const start = next++ * length;
    return made.slice(start, start + length);
  };
}

function write(from: Uint8Array, start: number, to: Buffer, at: number): void {
  let place = at;
  for (let index = 0; index < bytesEach; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) to[place++] = hyphen;
    let byte = from[start + index]!;
    if (index === 6) byte = (byte & 0x0f) | 0x40;
    if (index === 8) byte = (byte & 0x3f) | 0x80;
    to[place++] = digits[byte >> 4]!;
    to[place++] = digits[byte & 0xf]!;
  }
}
