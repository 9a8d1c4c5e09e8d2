// A copy of some bytes with the highest bit of each taken off, so that all of it is ASCII, and where that made a difference.

export class Scratch {
  readonly bytes: Uint8Array;
  private readonly words: Int32Array;
  /** A bit for each word of the copy: whether one of its bytes, or of the word beside it, was not ASCII. */
  private readonly odd: Int32Array;
  private view: DataView;
  private start = 0;

  /** `size`: a multiple of 128. */
  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.words = new Int32Array(this.bytes.buffer);
    this.odd = new Int32Array(size / 128 + 1);
    this.view = new DataView(this.bytes.buffer);
  }

  /** False, and no copy to be used, where much of it is not ASCII: then it is text in another script. */
  copy(view: DataView, start: number, length: number): boolean {
    const { words, odd } = this;
    this.view = view;
    this.start = start;
    const pairs = length >> 3;
    for (let i = 0; i <= length >> 7; i++) odd[i] = 0;
    let left = pairs >> 1;
    for (let i = 0, at = start; i < 2 * pairs; i += 2, at += 8) {
      // In the order of the platform's words, which is little-endian wherever JavaScript runs today.
      const one = view.getInt32(at, true);
      const two = view.getInt32(at + 4, true);
      words[i] = one & 0x7f7f7f7f;
      words[i + 1] = two & 0x7f7f7f7f;
      if (((one | two) & 0x80808080) === 0) continue;
      // Both words count as odd: which of the bytes it was is looked up where it matters.
      odd[i >> 5] = odd[i >> 5]! | (3 << (i & 31));
      if (--left < 0) return false;
    }
    for (let i = 8 * pairs; i < length; i++) {
      const byte = view.getUint8(start + i);
      this.bytes[i] = byte & 127;
      if (byte > 127) odd[i >> 7] = odd[i >> 7]! | (1 << ((i >> 2) & 31));
    }
    return true;
  }

  /** Whether [from, to) of the copy is what was there. */
  isSame(from: number, to: number): boolean {
    const { odd } = this;
    const last = (to - 1) >> 2;
    for (let i = from >> 2; i <= last; ) {
      // The bits of this word and those after it, as far as the next 32.
      const bits = odd[i >> 5]! >>> (i & 31);
      const count = Math.min(last - i + 1, 32 - (i & 31));
      if ((count === 32 ? bits : bits & ((1 << count) - 1)) !== 0) return this.isAscii(from, to);
      i += count;
    }
    return true;
  }

  /** Bytes that were not ASCII may be in the same words, before or after. */
  private isAscii(from: number, to: number): boolean {
    for (let at = this.start + from; at < this.start + to; at++) if (this.view.getUint8(at) > 127) return false;
    return true;
  }
}
