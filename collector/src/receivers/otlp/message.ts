// The few protobuf messages that an OTLP server writes itself: answers and statuses, a handful of bytes each.

export class ProtobufMessage {
  readonly #parts: Buffer[] = [];

  /** A non-negative integer; 0 is the default and left out. */
  varint(field: number, value: number): this {
    if (value > 0) this.#parts.push(varint(field << 3), varint(value));
    return this;
  }

  /** Left out where empty. */
  string(field: number, text: string): this {
    return text === "" ? this : this.message(field, Buffer.from(text));
  }

  message(field: number, bytes: Buffer): this {
    this.#parts.push(varint((field << 3) | 2), varint(bytes.length), bytes);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
