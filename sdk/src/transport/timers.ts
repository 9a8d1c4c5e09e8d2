// Timers as they were when this was loaded (test runners and zones replace them), and that keep no process alive.

import { outside } from "./zone.ts";

const { setTimeout: set, clearTimeout: clear } = globalThis;

/** Runs `work` once after `delayMs`; the function it returns prevents that. */
export function after(delayMs: number, work: () => void): () => void {
  const timer: unknown = outside(() => set(work, delayMs));
  (timer as { unref?: () => void }).unref?.();
  return () => clear(timer as number);
}

/** One timer: set anew, what it was to do before is not done. Without `work` it is only that. */
export function createTimer(): (delayMs?: number, work?: () => void) => void {
  let cancel: (() => void) | undefined;
  return (delayMs = 0, work) => {
    cancel?.();
    cancel = work && after(delayMs, work);
  };
}
