// Which of several streams, asked on a terminal: arrow keys, or letters that leave only what has them.

import { visible } from "../show/visible.ts";

/** What fits beside what is on the screen already. */
const maxShown = 12;

/** undefined where nothing was chosen. */
export async function chooseStream(known: readonly string[]): Promise<string | undefined> {
  const { autocomplete, isCancel } = await import("@clack/prompts");
  const chosen = await autocomplete({
    message: "Which stream?",
    options: known.map((name) => ({ value: name, label: visible(name) })),
    maxItems: maxShown,
  });
  return isCancel(chosen) ? undefined : chosen;
}
