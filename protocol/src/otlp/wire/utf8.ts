// Text out of bytes. Bytes that are no UTF-8 read as U+FFFD; they are never changed in the batch itself.

/** The parts of the platform's codecs that are used: there on Node, in browsers, and in React Native from 0.85 on. */
declare class TextDecoder {
  constructor(label: string, options: { ignoreBOM?: boolean; fatal?: boolean });
  decode(bytes: Uint8Array): string;
}

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { ignoreBOM: false, fatal: true });

/** Measured on Node 24: up to here building the string by characters beats the decoder's fixed cost of 90 ns. */
const shortText = 24;

export function textAt(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > shortText) return lenient.decode(bytes.subarray(start, end));
  let ascii = 0;
  for (let at = start; at < end; at++) ascii |= bytes[at]!;
  if (ascii > 127) return lenient.decode(bytes.subarray(start, end));
  let text = "";
  let at = start;
  for (; at + 8 <= end; at += 8) {
    text += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
    );
  }
  for (; at + 2 <= end; at += 2) text += String.fromCharCode(bytes[at]!, bytes[at + 1]!);
  return at < end ? text + String.fromCharCode(bytes[at]!) : text;
}

/** Whole texts that must be UTF-8; throws TypeError where they are not. A leading byte order mark is left out. */
export function strictText(bytes: Uint8Array): string {
  return strict.decode(bytes);
}

/** Whether the text in [start, end) is `text`. Only for ASCII texts, which are as long as their bytes. */
export function isAsciiAt(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  const length = end - start;
  if (length !== text.length) return false;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code !== bytes[start + i] || code > 127) return false;
  }
  return true;
}

/** Whether the text in [start, end) is `text`. */
export function isTextAt(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  const length = text.length;
  if (length > end - start) return false;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return textAt(bytes, start, end) === text;
    if (code !== bytes[start + i]) return false;
  }
  return length === end - start;
}

/** Remembers the short texts of one batch, which repeat in every record: keys, severities, names. */
export class Texts {
  private readonly slots: string[] = new Array<string>(256).fill("");

  at(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return "";
    if (length > 48) return textAt(bytes, start, end);
    const hash = (length * 7 + bytes[start]! * 31 + bytes[end - 1]! * 131 + bytes[start + (length >> 1)]! * 17) & 255;
    const known = this.slots[hash]!;
    if (isAsciiAt(bytes, start, end, known)) return known;
    const text = textAt(bytes, start, end);
    this.slots[hash] = text;
    return text;
  }
}
