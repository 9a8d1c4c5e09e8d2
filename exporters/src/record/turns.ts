// Long work in pieces, so that whoever else waits for the event loop gets its turn.

import { setImmediate as nextTurn } from "node:timers/promises";

export interface Turns {
  /** Resolves at once, or after the others had their turn where this one has been long enough. To be called before each piece. */
  take(): Promise<void>;
}

/** With what else a turn of the loop does this stays far below the 20 ms that a client may notice. */
const longTurnMs = 4;

export function createTurns(now: () => number = () => performance.now()): Turns {
  /** When the work of this turn began; undefined where none was done in it. */
  let begun: number | undefined;

  return {
    async take() {
      if (begun !== undefined && now() - begun >= longTurnMs) await nextTurn();
      if (begun !== undefined) return;
      begun = now();
      setImmediate(() => {
        begun = undefined;
      });
    },
  };
}
