// Timers as they were when this was loaded (test runners and zones replace them), and that keep no process alive.

import { outside } from "./zone.ts";

const { setTimeout: set, clearTimeout: clear } = globalThis;

/**
 * Runs `work` once after `delayMs`, undefined being as soon as the app's present work is done; the function it returns
 * prevents that.
 */
export function after(delayMs: number | undefined, work: (() => void) | undefined): () => void {
  const run = (): void => work?.();
  const timer: unknown = outside(() => (delayMs === undefined ? Promise.resolve().then(run) : set(run, delayMs)));
  (timer as { unref?: () => void }).unref?.();
  return () => {
    work = undefined;
    clear(timer as number);
  };
}

/** One timer: set anew, what it was to do before is not done. Without `work` it is only that. */
export function createTimer(): (delayMs?: number, work?: () => void) => void {
  let cancel: (() => void) | undefined;
  return (delayMs, work) => {
    cancel?.();
    cancel = work && after(delayMs, work);
  };
}
