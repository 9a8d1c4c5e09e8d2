// Strings from an app, made short.

/** At most `length` units of a text, then how many are missing. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (+${text.length - length} chars)`;
}
