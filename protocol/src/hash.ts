// A short, synchronous, non-cryptographic hash: it keeps names apart, it does not protect anything.

/** 53 bits of a string's UTF-16 units as 11 characters of base 36. Same text, same hash, on every platform. */
export function shortHash(text: string): string {
  // Two 32-bit multiply-xor lanes over the code units, mixed into each other at the end (the murmur3 finaliser).
  let a = 0x9e3779b9 ^ text.length;
  let b = 0x85ebca6b ^ text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ unit, 0x5f356495);
    b = (b << 17) | (b >>> 15);
  }
  a = finish(a ^ (b >>> 7));
  b = finish(b ^ (a >>> 11));
  return ((b & 0x1fffff) * 0x1_0000_0000 + (a >>> 0)).toString(36).padStart(11, "0");
}

function finish(lane: number): number {
  let mixed = lane;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
