// Runs several ways of doing the same in turns, so that all of them see the same machine, and takes each one's best round.

/** `ways`: name -> function. Answers nanoseconds for each unit of work, of which every call does `units`. */
export function measure(ways, units, { rounds = 150, roundMs = 10 } = {}) {
  const names = Object.keys(ways);
  const best = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let round = -10; round < rounds; round++) {
    for (const name of names) {
      const run = ways[name];
      const start = performance.now();
      let calls = 0;
      let ended = start;
      for (; ended - start < roundMs; ended = performance.now()) {
        sink.value += run();
        calls++;
      }
      if (round >= 0) best[name] = Math.min(best[name], ((ended - start) * 1e6) / (calls * units));
    }
  }
  return best;
}

/** What was computed goes here, so that no work is left out as unused. */
export const sink = { value: 0 };
