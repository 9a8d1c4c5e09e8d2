// Ids as lower-case hex.

/** Character codes of the two digits of each byte. */
const high: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => "0123456789abcdef".charCodeAt(byte >> 4));
const low: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => "0123456789abcdef".charCodeAt(byte & 15));

/** The 8 bytes at `at`; one call with all characters is by far the fastest way to a string. */
function eightBytes(bytes: Uint8Array, at: number): string {
  const [a, b, c, d] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
  const [e, f, g, h] = [bytes[at + 4]!, bytes[at + 5]!, bytes[at + 6]!, bytes[at + 7]!];
  return String.fromCharCode(
    high[a]!,
    low[a]!,
    high[b]!,
    low[b]!,
    high[c]!,
    low[c]!,
    high[d]!,
    low[d]!,
    high[e]!,
    low[e]!,
    high[f]!,
    low[f]!,
    high[g]!,
    low[g]!,
    high[h]!,
    low[h]!,
  );
}

/** An id of 8 or 16 bytes; "" where all bytes are zero: that is how an absent id may be written. */
export function idAt(bytes: Uint8Array, start: number, end: number): string {
  let any = 0;
  for (let at = start; at < end; at++) any |= bytes[at]!;
  if (any === 0) return "";
  const first = eightBytes(bytes, start);
  return end - start === 8 ? first : first + eightBytes(bytes, start + 8);
}

/** Bytes of any number. */
export function hexAt(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(high[bytes[at]!]!, low[bytes[at]!]!);
  return text;
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
