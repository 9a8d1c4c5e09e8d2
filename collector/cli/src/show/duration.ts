// Spans of time as people say them.

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** `30s`, `5m`, `2h`, `3d`: the largest unit that fits, rounded down. */
export function shortDuration(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms >= each) ?? units[3];
  return `${Math.max(0, Math.floor(ms / size))}${unit}`;
}
