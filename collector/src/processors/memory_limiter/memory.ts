// How much memory the collector holds, and how to give back what nothing holds any more.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface Memory {
  /** Bytes that JavaScript holds, garbage that was not collected yet included: its heap, and buffers beside it. */
  used(): number;
  /** Collects garbage. Stops everything for some tens of milliseconds. */
  collect(): void;
}

/** Not the resident set: that keeps what was freed, and would turn batches back for ever. */
export function processMemory(): Memory {
  let collect: (() => void) | undefined;
  return {
    used() {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    },
    collect() {
      // Only a new context sees the flag.
      if (collect === undefined) {
        setFlagsFromString("--expose-gc");
        collect = runInNewContext("gc") as () => void;
      }
      collect();
    },
  };
}
