// How long a text may become, and how one is cut.

import { EvaluationError } from "./errors.ts";

/** A record of more is no log line any more; without it, a few statements could double a text until memory ends. */
const maxTextLength = 1_048_576;

/** Throws EvaluationError where the text is too long for a record. `what` made it. */
export function boundedText(text: string, what: string): string {
  if (text.length > maxTextLength)
    throw new EvaluationError(`${what}: expected a text of at most ${maxTextLength} characters`);
  return text;
}

/** The first `length` characters; half of a surrogate pair is left out. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
