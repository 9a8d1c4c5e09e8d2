// Ids as lower-case hex.

const digits = "0123456789abcdef";
const pairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => digits[byte >> 4]! + digits[byte & 15]!);

/** "" where all bytes are zero: that is how an absent id is written. */
export function hexAt(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let any = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    any |= byte;
    text += pairs[byte]!;
  }
  return any === 0 ? "" : text;
}

/** The bytes of hex digits in any case; undefined where the text is anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = digitOf(text.charCodeAt(2 * i));
    const low = digitOf(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return undefined;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
