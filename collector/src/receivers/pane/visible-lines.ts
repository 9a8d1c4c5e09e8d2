// A line as a terminal receives it can draw over itself with carriage returns. What was drawn over counts where it says that
// something is wrong, so that nothing can be hidden; of a progress bar only its last state is a line.

export function visibleLines(raw: string, isNews: (text: string) => boolean): readonly string[] {
  // The terminal's own line end is CR LF.
  const text = raw.replace(/\r+$/, "");
  if (!text.includes("\r")) return [text];
  const states = text.split("\r").filter((state) => state.trim() !== "");
  const last = states.pop() ?? "";
  return [...new Set(states.slice(-maxStates).filter(isNews)), last];
}

/** A line is bounded in bytes; a progress bar that long has nothing to say but its end. */
const maxStates = 1_000;
