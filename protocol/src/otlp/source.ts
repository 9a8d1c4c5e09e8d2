// One buffer with what reads texts out of it fast. A record's texts lie close together, so they are decoded in one go and cut
// out of it; keys and names repeat in every record, so they are remembered.

import { sameBytes } from "./wire/compare.ts";
import { textAt, utf8Of } from "./wire/utf8.ts";
import { createWindow, type Window } from "./wire/window.ts";

/** Longest text that is remembered, and how many: a batch rarely has more different keys. */
const rememberedLength = 64;
const rememberedTexts = 128;

/** Windows that are shorter cost as much as the texts in them; those that are longer have few texts for their size. */
const minWindow = 48;
const maxWindow = 2048;

/** A key to look for, encoded. */
export interface Key {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export class Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Remembered texts by a hash of their bytes, and where in the buffer one was. */
  private readonly texts: string[] = [];
  private readonly starts = new Int32Array(rememberedTexts);
  private readonly keys = new Map<string, Key>();
  private decoder: Window | undefined;
  private windowStart = -1;
  private windowEnd = -1;
  private window = "";

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < rememberedTexts; i++) this.texts.push("");
  }

  /**
   * Decodes [start, end) in one go, tags and lengths and all, so that `text` can cut texts out. Texts that are not ASCII are still
   * decoded by themselves.
   */
  open(start: number, end: number): void {
    if (start === this.windowStart) return;
    this.windowStart = start;
    this.windowEnd = start;
    const length = end - start;
    if (length < minWindow || length > maxWindow) return;
    this.decoder ??= createWindow(this.bytes, this.view, maxWindow);
    const window = this.decoder.decode(start, end);
    if (window === undefined) return;
    this.window = window;
    this.windowEnd = end;
  }

  text(start: number, end: number): string {
    const { windowStart } = this;
    if (end > this.windowEnd || start < windowStart || !this.decoder!.isSame(start, end))
      return textAt(this.bytes, start, end);
    return this.window.substring(start - windowStart, end - windowStart);
  }

  /** The same for a text that is likely to come again. */
  repeated(start: number, end: number): string {
    const length = end - start;
    if (length < 4 || length > rememberedLength) return length === 0 ? "" : this.text(start, end);
    const { view } = this;
    const ends =
      Math.imul(view.getInt32(start, true), 0x9e3779b1) ^ Math.imul(view.getInt32(end - 4, true), 0x85ebca77);
    const slot = ((ends ^ Math.imul(length, 0xc2b2ae3d)) >>> 16) % rememberedTexts;
    const known = this.texts[slot]!;
    const at = this.starts[slot]!;
    // Texts of as many characters as there are bytes: all that are ASCII, and few others, for which only the bytes decide.
    if (known.length === length && sameBytes(view, start, view, at, length)) return known;
    const text = textAt(this.bytes, start, end);
    this.texts[slot] = text;
    this.starts[slot] = start;
    return text;
  }

  /** Whether the text in [start, end) is this key. */
  isKey(start: number, end: number, key: Key): boolean {
    const length = end - start;
    return length === key.bytes.length && sameBytes(this.view, start, key.view, 0, length);
  }

  key(text: string): Key {
    let key = this.keys.get(text);
    if (key === undefined) {
      const bytes = utf8Of(text);
      key = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
      if (this.keys.size >= rememberedTexts) this.keys.clear();
      this.keys.set(text, key);
    }
    return key;
  }
}
