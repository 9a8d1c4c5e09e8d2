// How much passes per second: counts are looked at every few seconds, and a rate is what came since the oldest look.

import type { ComponentStats } from "./stats.ts";

/** Short enough to show what is going on now, long enough that a burst a second does not flicker. */
const lookEveryMs = 2_000;
const keptLooks = 6;

export interface Rates {
  /** Items a second over the last looks: of receivers what they took, of exporters what they sent, of others what passed. */
  of(stats: ComponentStats): number;
  stop(): void;
}

interface Look {
  readonly atMs: number;
  readonly counts: ReadonlyMap<ComponentStats, number>;
}

export function startRates(all: () => readonly ComponentStats[], now: () => number = () => performance.now()): Rates {
  const looks: Look[] = [];
  function look(): void {
    looks.push({ atMs: now(), counts: new Map(all().map((stats) => [stats, countOf(stats)])) });
    if (looks.length > keptLooks) looks.shift();
  }
  look();
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return {
    of(stats) {
      const oldest = looks[0]!;
      const elapsedMs = now() - oldest.atMs;
      // A rate over a moment says nothing.
      if (elapsedMs < 100) return 0;
      return ((countOf(stats) - (oldest.counts.get(stats) ?? 0)) * 1_000) / elapsedMs;
    },
    stop: () => clearInterval(timer),
  };
}

function countOf({ kind, signals, flow }: ComponentStats): number {
  let count = 0;
  if (kind === "receiver") for (const each of Object.values(signals)) count += each.accepted;
  else if (kind === "exporter") for (const each of Object.values(signals)) count += each.sent;
  else for (const each of Object.values(flow)) count += each.outgoing;
  return count;
}
