// What a terminal would show of a line, as text: escape sequences and control characters are data for a screen, not for a record.

const escapeCode = 0x1b;
const bell = 0x07;
/** C1: the one-character forms of `ESC [`, `ESC ]` and the other strings (ECMA-48, 8.3). */
const csi = 0x9b;
const osc = 0x9d;

/** Without escape sequences (CSI, OSC, DCS and the like, also unfinished ones) and control characters; tabs stay. */
export function plainText(text: string): string {
  if (!needsWork.test(text)) return text;
  const stringStop = createStringStop(text);
  let plain = "";
  let kept = 0;
  for (let at = 0; at < text.length; ) {
    const end = endOfControl(text, at, stringStop);
    if (end === at) {
      at++;
      continue;
    }
    plain += text.slice(kept, at);
    kept = end;
    at = end;
  }
  return plain + text.slice(kept);
}

/** C0 but for the tab, DEL, C1, and what a terminal does not show or shows elsewhere (bidi and zero-width marks). */
const needsWork = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** Where the sequence or character at `at` ends; `at` itself where it is text. */
function endOfControl(text: string, at: number, stringStop: StringStop): number {
  const code = text.charCodeAt(at);
  if (code === csi) return endOfCsi(text, at + 1);
  if (isStringIntroducer(code)) return endOfString(text, at + 1, stringStop);
  if (code !== escapeCode) return needsWork.test(text[at]!) ? at + 1 : at;
  const next = text.charCodeAt(at + 1);
  // `[`, then `]` (OSC), `P` (DCS), `X` (SOS), `^` (PM), `_` (APC), `k` (tmux's window name).
  if (next === 0x5b) return endOfCsi(text, at + 2);
  if (next === 0x5d || next === 0x50 || next === 0x58 || next === 0x5e || next === 0x5f || next === 0x6b)
    return endOfString(text, at + 2, stringStop);
  // `ESC` intermediates (0x20-0x2f) and a final.
  let end = at + 1;
  while (isBetween(text.charCodeAt(end), 0x20, 0x2f)) end++;
  return isBetween(text.charCodeAt(end), 0x30, 0x7e) ? end + 1 : end;
}

function isStringIntroducer(code: number): boolean {
  return code === osc || code === 0x90 || code === 0x98 || code === 0x9e || code === 0x9f;
}

/** Parameters, intermediates, a final; an unfinished one ends where it cannot go on. */
function endOfCsi(text: string, from: number): number {
  let at = from;
  while (isBetween(text.charCodeAt(at), 0x20, 0x3f)) at++;
  return isBetween(text.charCodeAt(at), 0x40, 0x7e) ? at + 1 : at;
}

/** A terminal string ends with BEL, `ESC \` or ST. One that is not ended in its line hides nothing: only its introducer goes. */
function endOfString(text: string, from: number, stringStop: StringStop): number {
  const at = stringStop(from);
  if (at === text.length) return from;
  if (text.charCodeAt(at) !== escapeCode) return at + 1;
  return text.charCodeAt(at + 1) === 0x5c ? at + 2 : from;
}

/** Where the next BEL, ST or ESC is, or the text's end. Each part of the text is searched once, however often it is asked about. */
type StringStop = (from: number) => number;

function createStringStop(text: string): StringStop {
  let searchedFrom = 0;
  let stop = -1;
  return (from) => {
    if (from >= searchedFrom && from <= stop) return stop;
    searchedFrom = from;
    for (stop = from; stop < text.length; stop++) {
      const code = text.charCodeAt(stop);
      if (code === bell || code === 0x9c || code === escapeCode) break;
    }
    return stop;
  };
}

function isBetween(code: number, low: number, high: number): boolean {
  return code >= low && code <= high;
}
