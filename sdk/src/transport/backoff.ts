// When to try to connect again. A browser prints each attempt that fails, and scripts cannot keep it from that: so few.

export interface Backoff {
  /** Milliseconds until the next attempt, after one that failed. */
  next(): number;
  /** A collector said hello; it may still be one that ends every connection. */
  greeted(): void;
  /** The connection worked. */
  succeeded(): void;
}

const firstMs = 500;
const longestMs = 30_000;
/** After so many failures in a row nobody is there: once a minute, and when the user comes back to the page. */
const failuresBeforeRest = 5;
const restMs = 60_000;
/**
 * A collector that was there is likely being restarted, and that takes seconds: so it is asked for at most two seconds
 * apart, twelve times, before it counts as one that never was there.
 */
const patientFailures = 12;
const patientLongestMs = 2_000;

/** Full jitter: anything from 0 to the exponential step, so that many clients do not come back together. */
export function createBackoff(random: () => number): Backoff {
  let failures = 0;
  let patience = 0;
  return {
    next() {
      failures++;
      const isPatient = failures <= patience;
      const attempt = isPatient ? failures : failures - patience;
      if (attempt >= failuresBeforeRest && !isPatient) return restMs;
      return random() * Math.min(isPatient ? patientLongestMs : longestMs, firstMs * 2 ** (attempt - 1));
    },
    greeted() {
      patience = patientFailures;
      failures = Math.min(failures, 2);
    },
    succeeded() {
      failures = 0;
    },
  };
}
