// A copy of some bytes with all that is not ASCII left out, and where that was.

/** Numbers and lengths have some bytes that are not ASCII. With more it is text in another script. */
const maxOddBytes = 32;

export class Scratch {
  readonly bytes: Uint8Array;
  private readonly words: Int32Array;
  private readonly odd = new Int32Array(maxOddBytes + 4);
  private odds = 0;

  /** `size`: a multiple of 4. */
  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.words = new Int32Array(this.bytes.buffer);
  }

  /** Four bytes at a time; false where too many are not ASCII. */
  copy(view: DataView, start: number, length: number): boolean {
    const { words } = this;
    const whole = length >> 2;
    let odds = 0;
    for (let i = 0, at = start; i < whole; i++, at += 4) {
      // In the order of the platform's words, which is little-endian wherever JavaScript runs today.
      const word = view.getInt32(at, true);
      words[i] = word & 0x7f7f7f7f;
      if ((word & 0x80808080) === 0) continue;
      if (odds > maxOddBytes - 4) return false;
      odds = this.note(word, 4 * i, odds);
    }
    for (let i = 4 * whole; i < length; i++) {
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
