import { expect, test, vi } from "vitest";
import { startRates } from "./rates.ts";
import { createStats } from "./stats.ts";

test("a rate is what came since the oldest look that is kept", () => {
  vi.useFakeTimers();
  try {
    let now = 0;
    const stats = createStats("receiver", "x");
    const rates = startRates(
      () => [stats],
      () => now,
    );
    const pass = (ms: number) => {
      now += ms;
      vi.advanceTimersByTime(ms);
    };
    expect(rates.of(stats)).toBe(0);
    stats.signals.logs.accepted = 100;
    pass(1_000);
    expect(rates.of(stats)).toBe(100);
    for (let second = 0; second < 20; second += 2) pass(2_000);
    expect(rates.of(stats)).toBe(0);
    const late = createStats("exporter", "late");
    late.signals.traces.sent = 20;
    expect(rates.of(late)).toBeGreaterThan(0);
    rates.stop();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
