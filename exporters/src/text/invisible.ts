// Characters that a terminal obeys, or that hide or reorder what stands around them: the one list of them.

/** Beyond the controls: each is the inside of a character class. */
const classes = {
  /** C1 and DEL. */
  controls: String.raw`\x7f-\x9f`,
  /** Soft hyphen, joiners, fillers: take no room, or look like a space and are none. */
  fillers: String.raw`\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufeff\uffa0`,
  /** Zero-width and bidirectional controls, line and paragraph separators, interlinear marks. */
  reordering: String.raw`\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufff9-\ufffb`,
  /** Tags and the variation selectors beyond them, which can carry a hidden text. */
  tags: String.raw`\u{e0000}-\u{e0fff}`,
} as const;

/** For a `u` regular expression, to stand between `[` and `]`. C0 controls and halves of surrogate pairs are not in it. */
export const invisible: string = Object.values(classes).join("");
