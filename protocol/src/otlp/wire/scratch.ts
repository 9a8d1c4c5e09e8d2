// A copy of some bytes with all that is not ASCII left out, and where that was.

/** Numbers and lengths have some bytes that are not ASCII. With more it is text in another script. */
const maxOddBytes = 32;

export class Scratch {
  readonly bytes: Uint8Array;
  private readonly words: Int32Array;
  private readonly odd = new Int32Array(maxOddBytes + 8);
  private odds = 0;

  /** `size`: a multiple of 4. */
  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.words = new Int32Array(this.bytes.buffer);
  }

  /** Eight bytes at a time; false where too many are not ASCII. */
  copy(view: DataView, start: number, length: number): boolean {
    const { words } = this;
    const pairs = length >> 3;
    let odds = 0;
    // In the order of the platform's words, which is little-endian wherever JavaScript runs today.
    for (let i = 0, at = start; i < 2 * pairs; i += 2, at += 8) {
      const one = view.getInt32(at, true);
      const two = view.getInt32(at + 4, true);
      words[i] = one & 0x7f7f7f7f;
      words[i + 1] = two & 0x7f7f7f7f;
      if (((one | two) & 0x80808080) === 0) continue;
      if (odds > maxOddBytes - 8) return false;
      odds = this.note(two, 4 * i + 4, this.note(one, 4 * i, odds));
    }
    for (let i = 8 * pairs; i < length; i++) {
      const byte = view.getUint8(start + i);
      this.bytes[i] = byte & 127;
      if (byte > 127) this.odd[odds++] = i;
    }
    this.odds = odds;
    return true;
  }

  /** Whether [start, end) of the copy has a byte that is not ASCII. */
  isOdd(start: number, end: number): boolean {
    for (let i = 0; i < this.odds; i++) {
      const at = this.odd[i]!;
      if (at >= start && at < end) return true;
    }
    return false;
  }

  private note(word: number, at: number, odds: number): number {
    let count = odds;
    if (word & 0x80) this.odd[count++] = at;
    if (word & 0x8000) this.odd[count++] = at + 1;
    if (word & 0x800000) this.odd[count++] = at + 2;
    if (word & 0x80000000) this.odd[count++] = at + 3;
    return count;
  }
}
