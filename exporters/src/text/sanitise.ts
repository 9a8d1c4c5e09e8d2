// Makes text from outside safe to show in a terminal. What could move the cursor, ask the terminal something, hide or
// reorder text is shown as an escape (`\x1b`, `\r`, `\u202e`); colors may stay; everything else passes as it is.

import { invisible } from "./invisible.ts";

export interface SanitiseOptions {
  /** Keep SGR sequences (`ESC[…m`, colors and weights). Without it they are taken out. */
  readonly color: boolean;
  /** A line longer than this is cut, and says by how many characters. */
  readonly maxLineChars: number;
}

/** The one test that most lines need: anything but printable ASCII. */
const unusual = /[^\x20-\x7e]/;

const shown: readonly string[] = [
  // SGR of at most 32 bytes: kept or taken out, and the only use of ESC that is
  String.raw`\x1b\[[0-9;:]{0,29}m`,
  // C0 without LF
  String.raw`[\0-\x09\x0b-\x1f]`,
  `[${invisible}]`,
  // halves of surrogate pairs
  String.raw`[\ud800-\udfff]`,
];
const hidden = new RegExp(shown.join("|"), "gu");

/** Fixed, because a column depends on what stands before the text. */
const tab = "    ";
const longestSgr = 32;

/** True for text that `sanitiseLine` returns as it is, as long as it is not too long. */
export function isPlain(text: string): boolean {
  return !unusual.test(text);
}

/** One line: `text` must hold no LF. */
export function sanitiseLine(text: string, { color, maxLineChars }: SanitiseOptions): string {
  if (text.length <= maxLineChars && isPlain(text)) return text;
  // Cut before and after: escapes make text longer, and there is no use in escaping what nobody will see.
  const raw = text.slice(0, maxLineChars);
  const visible = unusual.test(raw) ? raw.replace(hidden, (found) => show(found, color)) : raw;
  const kept = visible.length <= maxLineChars ? visible : visible.slice(0, safeCut(visible, maxLineChars));
  const missing = text.length - raw.length + (visible.length - kept.length);
  return missing === 0 ? kept : `${kept}…(+${missing})`;
}

/** Where a cut at `at` splits neither a surrogate pair nor an SGR sequence. */
function safeCut(text: string, at: number): number {
  const sgr = text.lastIndexOf("\x1b", at - 1);
  if (sgr >= 0 && at - sgr < longestSgr && text.indexOf("m", sgr) >= at) return sgr;
  const before = text.charCodeAt(at - 1);
  return before >= 0xd800 && before <= 0xdbff ? at - 1 : at;
}

function show(found: string, color: boolean): string {
  const code = found.codePointAt(0)!;
  if (code === 0x1b) return found.length === 1 ? "\\x1b" : color ? found : "";
  if (code === 0x09) return tab;
  if (code === 0x0d) return "\\r";
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code > 0xff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\x${code.toString(16).padStart(2, "0")}`;
}
