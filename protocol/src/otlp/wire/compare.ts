// Equal bytes, four at a time.

export function sameBytes(one: DataView, at: number, other: DataView, otherAt: number, length: number): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i++) if (one.getUint8(at + i) !== other.getUint8(otherAt + i)) return false;
    return true;
  }
  // The last four again, so that no rest is left.
  const last = length - 4;
  for (let i = 0; i < last; i += 4) if (one.getInt32(at + i) !== other.getInt32(otherAt + i)) return false;
  return one.getInt32(at + last) === other.getInt32(otherAt + last);
}
