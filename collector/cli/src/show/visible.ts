// Text from outside, made safe for a terminal.

/** C0 and C1 controls, DEL, and what turns the reading direction or has no width: shown as `\x1b` or `\u202e`. */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** One line in, one line out: nothing in it moves the cursor, changes the terminal or hides other text. */
export function visible(text: string): string {
  return text.toWellFormed().replace(unsafe, (character) => {
    if (character === "\t") return "  ";
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
