// How long to wait before the next attempt, and a wait that ends early when told.

import type { RetryOptions } from "../config/queue-options.ts";

/** Milliseconds before attempt `attempt` (1 is the first retry): exponential, randomised, never below the server's wait. */
export function backoffMs(
  options: RetryOptions,
  attempt: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const grown = Math.min(options.maxIntervalMs, options.initialIntervalMs * options.multiplier ** (attempt - 1));
  const spread = grown * options.randomizationFactor;
  const jittered = grown - spread + 2 * spread * random();
  return Math.max(jittered, retryAfterMs ?? 0);
}

/** How long until the next attempt; undefined where the one that has just failed was the last in time. */
export function nextWaitMs(
  options: RetryOptions,
  attempt: number,
  elapsedMs: number,
  retryAfterMs: number | undefined,
  random: () => number = Math.random,
): number | undefined {
  if (!options.enabled) return undefined;
  const wait = backoffMs(options, attempt, retryAfterMs, random);
  return options.maxElapsedMs > 0 && elapsedMs + wait > options.maxElapsedMs ? undefined : wait;
}

/** What `promise` gives, or `late` where it takes longer. It must not reject. */
export function inTime<T>(ms: number, promise: Promise<T>, late: T): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, late);
    promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** Resolves after `ms`, or at once when one of the signals aborts. Keeps no listener behind. */
export function sleep(ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    for (const signal of signals) {
      if (signal.aborted) return finish();
      signal.addEventListener("abort", finish);
    }
  });
}
