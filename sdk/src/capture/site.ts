// Where a call came from: kept as an unread stack at the call, read when the record leaves (site-text.ts).

/** Holds the stack; reading `stack` is what costs. */
export interface CallSite {
  readonly stack?: string;
  /** Frames of our own on top, in engines that cannot leave them out. */
  readonly ownFrames: number;
}

interface StackError {
  stackTraceLimit?: number;
  captureStackTrace?(target: object, above: unknown): void;
}

/** Frames to find the caller among: natives like Array.forEach may stand between. */
const callerFrames = 4;

/** The stack of whoever called `above`. More frames than the few that name the caller are for console.trace. */
export function captureSite(above: unknown, frames: number = callerFrames): CallSite {
  const errors = Error as StackError;
  const before = errors.stackTraceLimit;
  const site: CallSite = { ownFrames: 0 };
  try {
    if (!errors.captureStackTrace) return Object.assign(new Error(), { ownFrames: 4 });
    errors.stackTraceLimit = frames;
    errors.captureStackTrace(site, above);
    if (before !== undefined) errors.stackTraceLimit = before;
  } catch {
    // Error is frozen: the stack is as long as it is, or there is none.
  }
  return site;
}
