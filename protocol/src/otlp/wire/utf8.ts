// Text out of bytes. Bytes that are no UTF-8 read as U+FFFD; they are never changed in the batch itself.

/** The parts of the platform's codecs that are used: there on Node, in browsers, and in React Native from 0.85 on. */
declare class TextDecoder {
  constructor(label: string, options: DecoderOptions);
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

interface DecoderOptions {
  readonly ignoreBOM: boolean;
  readonly fatal?: boolean;
}

const encoder = new TextEncoder();
const lenient: Pick<TextDecoder, "decode"> = decoderOf({ ignoreBOM: true });
const strict: Pick<TextDecoder, "decode"> = decoderOf({ ignoreBOM: false, fatal: true });

/** Where the platform has none, what only writes still works: a client never reads a batch. */
function decoderOf(options: DecoderOptions): Pick<TextDecoder, "decode"> {
  if (typeof TextDecoder !== "undefined") return new TextDecoder("utf-8", options);
  return {
    decode() {
      throw new Error("expected the platform to have TextDecoder, got none; install one before this package is loaded");
    },
  };
}

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

/** The bytes of a text. A lone surrogate becomes U+FFFD. */
export function utf8Of(text: string): Uint8Array {
  return encoder.encode(text);
}
