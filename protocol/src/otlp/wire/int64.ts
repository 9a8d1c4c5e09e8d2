// 64-bit numbers: exact from and to bytes, decimal text, milliseconds, without a bigint where none is needed.

const two32 = 4294967296;

/** Low 32 bits of the varint in [start, end), as a signed number: int32, uint32 (`>>> 0`), enum, bool. */
export function low32At(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start, shift = 0; at < end && shift < 35; at++, shift += 7) value |= (bytes[at]! & 127) << shift;
  return value;
}

/** The int64 of the varint in [start, end): a number where that is exact, else a bigint. */
export function int64At(bytes: Uint8Array, start: number, end: number): number | bigint {
  if (end - start < 5) return low32At(bytes, start, end);
  if (end - start < 8) {
    let value = 0;
    let scale = 1;
    for (let at = start; at < end; at++, scale *= 128) value += (bytes[at]! & 127) * scale;
    return value;
  }
  return safe(BigInt.asIntN(64, varintAt(bytes, start, end)));
}

export function uint64At(bytes: Uint8Array, start: number, end: number): bigint {
  return BigInt.asUintN(64, varintAt(bytes, start, end));
}

/** A number where that is exact. */
export function safe(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

function varintAt(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0n;
  for (let at = end - 1; at >= start; at--) value = (value << 7n) | BigInt(bytes[at]! & 127);
  return value;
}

/** Two 32-bit halves of an unsigned 64-bit number. */
export interface Halves {
  lo: number;
  hi: number;
}

/** Whole milliseconds of nanoseconds in halves, exact. */
export function nanosToMs(lo: number, hi: number): number {
  // 2^32 = 4294 * 10^6 + 967296: splitting it keeps every product under 2^53.
  const rest = hi * 967296 + lo;
  return hi * 4294 + Math.floor(rest / 1e6);
}

/** Nanoseconds of milliseconds; a fraction counts to the nanosecond, what no uint64 can hold becomes its nearest bound. */
export function msToNanos(ms: number, into: Halves): void {
  if (!(ms > 0)) {
    into.lo = 0;
    into.hi = 0;
  } else if (ms >= 18446744073709) {
    into.lo = two32 - 1;
    into.hi = two32 - 1;
  } else {
    const whole = Math.floor(ms);
    multiplyAdd(whole, 1e6, Math.round((ms - whole) * 1e6), into);
  }
}

/** a * b + c for a < 2^53, b and c up to 2^30. */
export function multiplyAdd(a: number, b: number, c: number, into: Halves): void {
  const high = Math.floor(a / 65536) * b;
  const low = (a % 65536) * b + c + (high % 65536) * 65536;
  into.lo = low % two32;
  into.hi = Math.floor(high / 65536) + Math.floor(low / two32);
}

/** Decimal digits of a uint64; false where the text is anything else. */
export function parseUint64(text: string, into: Halves): boolean {
  const length = text.length;
  if (length === 0 || length > 20) return false;
  let head = 0;
  let tail = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return false;
    if (i < length - 9) head = head * 10 + digit;
    else tail = tail * 10 + digit;
  }
  multiplyAdd(head, 1e9, tail, into);
  return into.hi < two32;
}
