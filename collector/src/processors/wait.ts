// A wait that ends early when told, and keeps no process alive.

import { setTimeout as delay } from "node:timers/promises";

/** Resolves after `ms`, or when `signal` aborts. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => {});
}
