// What has come again and is not in the file yet: a render loop says the same many times a second, and one line in a while says
// how often.

import { randomBytes } from "node:crypto";
import type { SeenPatch } from "./work/patch.ts";

export interface Repeats {
  /** The same content came again. `nowMs`: Unix milliseconds. */
  add(id: string, nowMs: number): void;
  /** One of them will come once more. */
  undo(id: string): void;
  /** All of them, as patches. */
  take(): SeenPatch[];
  /** They could not be written. */
  putBack(patches: readonly SeenPatch[]): void;
  /** Events, not repeats. */
  readonly size: number;
}

interface Repeated {
  count: number;
  lastMs: number;
}

export function createRepeats(): Repeats {
  const byEvent = new Map<string, Repeated>();

  function add(id: string, count: number, lastMs: number): void {
    const known = byEvent.get(id);
    if (known === undefined) byEvent.set(id, { count, lastMs });
    else {
      known.count += count;
      known.lastMs = Math.max(known.lastMs, lastMs);
    }
  }

  return {
    add: (id, nowMs) => add(id, 1, nowMs),
    undo(id) {
      const known = byEvent.get(id);
      if (known !== undefined && --known.count === 0) byEvent.delete(id);
    },
    take() {
      const patches = [...byEvent].map(([id, { count, lastMs }]): SeenPatch => {
        const lastSeen = new Date(lastMs).toISOString();
        return { op: "seen", id, count, lastSeen, key: randomBytes(6).toString("hex") };
      });
      byEvent.clear();
      return patches;
    },
    putBack(patches) {
      for (const { id, count, lastSeen } of patches) add(id, count, Date.parse(lastSeen));
    },
    get size() {
      return byEvent.size;
    },
  };
}
