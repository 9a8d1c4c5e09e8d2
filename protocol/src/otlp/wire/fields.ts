// Walks the fields of one protobuf message in place. Bounds are checked at every step, so any bytes may be walked.

import { faultAt } from "../errors.ts";

/** Groups inside each other, an old wire type that only unknown fields can have. */
const maxGroupDepth = 32;

/**
 * `for (const field = new Fields(bytes, start, end); field.next(); )` stops at each field: its tag, and where its value
 * is. The value of a length-delimited field is what its length covers, else the bytes after the tag.
 */
export class Fields {
  readonly bytes: Uint8Array;
  private pos: number;
  private readonly limit: number;
  /** Field number * 8 + wire type. */
  tag = 0;
  /** Where the field begins, tag included. */
  from = 0;
  start = 0;
  end = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.pos = start;
    this.limit = end;
  }

  next(): boolean {
    const { bytes, limit } = this;
    let pos = this.pos;
    if (pos >= limit) return false;
    this.from = pos;
    let tag = bytes[pos++]!;
    if (tag > 127) {
      pos = skipVarint(bytes, this.from, limit);
      tag = uint32At(bytes, this.from, pos);
    }
    if (tag < 8) throw faultAt("DEVMUX_OTLP_TAG", this.from, "expected a field number of at least 1, got 0");
    this.tag = tag;
    this.start = pos;
    switch (tag & 7) {
      case 2: {
        if (pos >= limit) throw truncated(pos);
        let length = bytes[pos++]!;
        if (length > 127) {
          const at = pos - 1;
          pos = skipVarint(bytes, at, limit);
          length = uint32At(bytes, at, pos);
        }
        if (length > limit - pos) throw pastEnd(pos, length, limit);
        this.start = pos;
        pos += length;
        break;
      }
      case 0:
        pos = skipVarint(bytes, pos, limit);
        break;
      case 1:
        pos += 8;
        break;
      case 5:
        pos += 4;
        break;
      case 3:
        pos = skipGroup(bytes, pos, limit, tag >>> 3, 1);
        break;
      default:
        throw faultAt("DEVMUX_OTLP_TAG", this.from, `expected a wire type of 0 to 3 or 5, got ${tag & 7}`);
    }
    if (pos > limit) throw truncated(this.start);
    this.end = pos;
    this.pos = pos;
    return true;
  }
}

/** Where the field at `pos` ends. Quick for tags of one byte and short lengths, which nearly all are. */
export function endOfField(bytes: Uint8Array, pos: number, limit: number): number {
  const tag = bytes[pos]!;
  let end = 0;
  if (tag < 128) {
    const wireType = tag & 7;
    if (wireType === 2) {
      const length = bytes[pos + 1]!;
      if (length < 128) end = pos + 2 + length;
      else if (bytes[pos + 2]! < 128) end = pos + 3 + ((length & 127) | (bytes[pos + 2]! << 7));
    } else if (wireType === 1) {
      end = pos + 9;
    } else if (wireType === 0) {
      end = skipVarint(bytes, pos + 1, limit);
    } else if (wireType === 5) {
      end = pos + 5;
    }
  }
  if (end > 0 && end <= limit) return end;
  const field = new Fields(bytes, pos, limit);
  field.next();
  return field.end;
}

export function truncated(offset: number): Error {
  return faultAt("DEVMUX_OTLP_TRUNCATED", offset, "expected more bytes of a field, got the end of its message");
}

export function pastEnd(offset: number, length: number, limit: number): Error {
  const what = `expected at most ${limit - offset} bytes, which is where the message around it ends, got a length of ${length}`;
  return faultAt("DEVMUX_OTLP_LENGTH", offset, what);
}

/** Where the varint at `pos` ends. */
export function skipVarint(bytes: Uint8Array, pos: number, limit: number): number {
  for (let at = pos; at < limit; at++) {
    if (bytes[at]! < 128) return at + 1;
    if (at - pos === 9)
      throw faultAt("DEVMUX_OTLP_VARINT", pos, "expected a varint of at most 10 bytes, got a longer one");
  }
  throw truncated(pos);
}

/** The varint in [start, end) where it means a tag or a length. */
export function uint32At(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let scale = 1;
  for (let at = start; at < end; at++) {
    value += (bytes[at]! & 127) * scale;
    scale *= 128;
  }
  if (value > 0xffffffff)
    throw faultAt("DEVMUX_OTLP_VARINT", start, `expected a tag or length of 32 bits, got ${value}`);
  return value;
}

function skipGroup(bytes: Uint8Array, pos: number, limit: number, number: number, depth: number): number {
  if (depth > maxGroupDepth)
    throw faultAt("DEVMUX_OTLP_TOO_DEEP", pos, `expected at most ${maxGroupDepth} groups in each other`);
  let at = pos;
  while (at < limit) {
    const from = at;
    at = skipVarint(bytes, at, limit);
    const tag = uint32At(bytes, from, at);
    if ((tag & 7) === 4) {
      if (tag >>> 3 === number) return at;
      throw faultAt("DEVMUX_OTLP_TAG", from, `expected the end of group ${number}, got the end of group ${tag >>> 3}`);
    }
    if ((tag & 7) === 3) {
      at = skipGroup(bytes, at, limit, tag >>> 3, depth + 1);
    } else {
      const field = new Fields(bytes, from, limit);
      field.next();
      at = field.end;
    }
  }
  throw truncated(pos);
}
