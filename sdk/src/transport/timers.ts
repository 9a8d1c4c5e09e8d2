// Timers as they were when this was loaded (test runners and zones replace them), and that keep no process alive.

const { setTimeout: set, clearTimeout: clear } = globalThis;

/** Runs `work` once after `delayMs`; the function it returns prevents that. */
export function after(delayMs: number, work: () => void): () => void {
  const timer: unknown = set(work, delayMs);
  (timer as { unref?: () => void }).unref?.();
  return () => clear(timer as number);
}
