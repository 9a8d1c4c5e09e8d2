// Which lines a pane shows of a stream that is faster than anyone reads: a number of them each second, of which a share is kept
// for warnings and errors. What was left out is said once a second.

import { SEVERITY_WARN } from "@chriscode/devmux-telemetry-protocol";

export interface Thinning {
  /** Looks at the clock; to be called before the records of a batch. */
  roll(): void;
  /** False where this record, of so many lines, is left out. */
  admits(severityNumber: number, lines: number): boolean;
  /** Says what was left out so far; what comes next begins anew. */
  end(): void;
}

export interface ThinningOptions {
  /** Lines a second. */
  readonly maxRate: number;
  /** Called with the number of lines that were left out, in the second after they were. */
  readonly onEnd: (lines: number) => void;
  readonly now?: () => number;
}

const windowMs = 1_000;
/** A quiet stream may show so many seconds' worth at once: a program that starts, a burst. */
const burstWindows = 2;
/** Of what is left, for records of WARN and above only. */
const reservedShare = 0.2;

export function createThinning({ maxRate, onEnd, now = () => performance.now() }: ThinningOptions): Thinning {
  const capacity = maxRate * burstWindows;
  let room = capacity;
  let windowEnds = Number.NEGATIVE_INFINITY;
  let skipped = 0;
  let timer: NodeJS.Timeout | undefined;

  function say(): void {
    clearTimeout(timer);
    timer = undefined;
    const lines = skipped;
    skipped = 0;
    if (lines > 0) onEnd(lines);
  }

  /** Room for every second that has begun since the last time. */
  function roll(): void {
    const at = now();
    if (at < windowEnds) return;
    const windows = windowEnds === Number.NEGATIVE_INFINITY ? burstWindows : 1 + (at - windowEnds) / windowMs;
    room = Math.min(capacity, room + maxRate * Math.floor(windows));
    windowEnds = at + windowMs;
    say();
  }

  return {
    roll,
    admits(severityNumber, count) {
      const serious = severityNumber >= SEVERITY_WARN;
      // In a second in which something was left out ordinary records stay out, so that there is one gap and not hundreds.
      const spare = serious ? room : skipped > 0 ? 0 : room - maxRate * reservedShare;
      if (spare > 0) {
        room -= count;
        return true;
      }
      skipped += count;
      if (timer === undefined) {
        timer = setTimeout(say, Math.max(0, windowEnds - now()));
        timer.unref();
      }
      return false;
    },
    end: say,
  };
}
