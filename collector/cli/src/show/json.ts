// JSON for stdout, which may be a terminal: what JSON leaves as it is but a terminal could obey is written as an escape.

/** DEL, C1 controls, invisible and direction-changing characters; JSON.stringify already escapes C0 controls. */
const obeyed = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** One line; parses to the same value. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    obeyed,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
