// A reader for the few small protobuf messages that an OTLP server answers with. Never throws; a message that is not well
// formed reads as having no more fields.

export interface Field {
  readonly number: number;
  /** A varint or fixed value as a number, or the bytes of a string or message. */
  readonly value: number | Uint8Array;
}

/** The fields of a message, in their order. */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;

  function varint(): number | undefined {
    let value = 0;
    for (let shift = 1; at < bytes.length && shift < 2 ** 70; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  }

  while (at < bytes.length) {
    const tag = varint();
    if (tag === undefined) return;
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) {
      const value = varint();
      if (value === undefined) return;
      yield { number, value };
    } else if (wire === 2) {
      const length = varint();
      if (length === undefined || at + length > bytes.length) return;
      yield { number, value: bytes.subarray(at, at + length) };
      at += length;
    } else if (wire === 1 || wire === 5) at += wire === 1 ? 8 : 4;
    else return;
  }
}

/** The last value of a field, as protobuf has it; undefined where it is absent or of the other kind. */
export function bytesField(bytes: Uint8Array, number: number): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  for (const field of fieldsOf(bytes))
    if (field.number === number && typeof field.value !== "number") found = field.value;
  return found;
}

export function numberField(bytes: Uint8Array, number: number): number | undefined {
  let found: number | undefined;
  for (const field of fieldsOf(bytes))
    if (field.number === number && typeof field.value === "number") found = field.value;
  return found;
}

export function textField(bytes: Uint8Array, number: number): string | undefined {
  const found = bytesField(bytes, number);
  return found === undefined ? undefined : new TextDecoder().decode(found);
}
