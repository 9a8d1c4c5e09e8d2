// The first so many of each second, then one of so many: what a terminal can show, and the Collector's rule for it.

/** True for what is to be shown. `nowMs` of the calls must not go back. */
export type Sampling = (nowMs: number) => boolean;

export function createSampling(initial: number, thereafter: number): Sampling {
  let second = -1;
  let seen = 0;
  return (nowMs) => {
    const current = Math.floor(nowMs / 1_000);
    if (current !== second) {
      second = current;
      seen = 0;
    }
    seen++;
    return seen <= initial || (seen - initial) % thereafter === 0;
  };
}
