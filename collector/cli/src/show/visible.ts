// Text from outside, made safe for a terminal.

import { sanitiseLine } from "@chriscode/devmux-telemetry-exporters/text";

/** A queue's event holds at most 256 KiB; what is longer here hides what is around it. */
const maxLineChars = 8_192;

/** One line in, one line out: nothing in it moves the cursor, changes the terminal or hides other text. */
export function visible(text: string): string {
  return sanitiseLine(text.replaceAll("\n", "\\n"), { color: false, maxLineChars });
}
