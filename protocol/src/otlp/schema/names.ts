// The JSON names of a message's fields, to be found in bytes without making a string of them.

import type { Field } from "./message.ts";

interface Name {
  readonly field: Field;
  /** The name and the quote after it, four bytes at a time: offset and word, the last word so that no rest is left. */
  readonly offsets: Int32Array;
  readonly words: Int32Array;
  /** With the quote. */
  readonly length: number;
}

const slotBits = 5;

export class FieldNames {
  private readonly slots: readonly Name[][];

  constructor(fields: readonly Field[]) {
    const slots: Name[][] = Array.from({ length: 1 << slotBits }, () => []);
    for (const field of fields) {
      const name = nameOf(field);
      slots[slotOf(name.words[0]!)]!.push(name);
    }
    this.slots = slots;
  }

  /** The field whose name and closing quote are at `at`. */
  find(view: DataView, at: number): Field | undefined {
    const left = view.byteLength - at;
    if (left < 4) return undefined;
    for (const name of this.slots[slotOf(view.getInt32(at, true))]!) {
      if (name.length <= left && isAt(view, at, name)) return name.field;
    }
    return undefined;
  }
}

function isAt(view: DataView, at: number, { offsets, words }: Name): boolean {
  for (let i = 0; i < words.length; i++) if (view.getInt32(at + offsets[i]!, true) !== words[i]) return false;
  return true;
}

function slotOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> (32 - slotBits);
}

/** Names are ASCII and have at least three letters. */
function nameOf(field: Field): Name {
  const quoted = `${field.name}"`;
  const bytes = Uint8Array.from(quoted, (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const offsets: number[] = [];
  for (let at = 0; at + 4 < quoted.length; at += 4) offsets.push(at);
  offsets.push(quoted.length - 4);
  const words = offsets.map((at) => view.getInt32(at, true));
  return { field, offsets: Int32Array.from(offsets), words: Int32Array.from(words), length: quoted.length };
}
