// Ids as lower-case hex.

/** Character codes of the two digits of each byte. */
const high: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => "0123456789abcdef".charCodeAt(byte >> 4));
const low: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => "0123456789abcdef".charCodeAt(byte & 15));

/** The 8 bytes at `at`; one call with all characters is by far the fastest way to a string. */
function eightBytes(bytes: Uint8Array, at: number): string {
  const a = bytes[at]!;
  const b = bytes[at + 1]!;
  const c = bytes[at + 2]!;
  const d = bytes[at + 3]!;
  const e = bytes[at + 4]!;
  const f = bytes[at + 5]!;
  const g = bytes[at + 6]!;
  const h = bytes[at + 7]!;
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

/** Where the bytes are, and the same as a view. */
interface Ids {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** The 16 bytes at `at`; "" where all are zero: that is how an absent id may be written. */
export function traceIdAt({ bytes, view }: Ids, at: number): string {
  const any = view.getInt32(at) | view.getInt32(at + 4) | view.getInt32(at + 8) | view.getInt32(at + 12);
  return any === 0 ? "" : eightBytes(bytes, at) + eightBytes(bytes, at + 8);
}

/** The same of 8 bytes. */
export function spanIdAt({ bytes, view }: Ids, at: number): string {
  return (view.getInt32(at) | view.getInt32(at + 4)) === 0 ? "" : eightBytes(bytes, at);
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
