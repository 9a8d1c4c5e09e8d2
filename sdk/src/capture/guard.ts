// Says whether we are at work ourselves: what is logged meanwhile, by getters, hooks or our own parts, is not captured.

export interface Guard {
  readonly active: boolean;
  /** Runs `work` with capture off. Whatever it throws is swallowed: nothing of ours reaches the app. */
  run(work: () => void): void;
  /** Runs what is not ours with capture off: its result and what it throws pass through. */
  pass<Result>(work: () => Result): Result;
}

export function createGuard(onError: (error: unknown) => void): Guard {
  let depth = 0;
  return {
    get active() {
      return depth > 0;
    },
    run(work) {
      depth++;
      try {
        work();
      } catch (error) {
        onError(error);
      } finally {
        depth--;
      }
    },
    pass(work) {
      depth++;
      try {
        return work();
      } finally {
        depth--;
      }
    },
  };
}
