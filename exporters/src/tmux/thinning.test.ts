import { beforeEach, describe, expect, it, vi } from "vitest";
import { createThinning } from "./thinning.ts";

const info = 9;
const error = 17;

describe("thinning", () => {
  let at = 0;
  beforeEach(() => {
    at = 0;
  });

  function thinned(maxRate = 100) {
    const skipped: number[] = [];
    const thinning = createThinning({ maxRate, onEnd: (lines) => skipped.push(lines), now: () => at });
    /** How many of `count` records are shown. */
    const send = (count: number, severity = info, lines = 1) => {
      thinning.roll();
      return Array.from({ length: count }, () => thinning.admits(severity, lines)).filter(Boolean).length;
    };
    return { thinning, skipped, send };
  }

  it("shows a burst after a quiet time, then so many lines a second, and says once a second what it left out", () => {
    const { send, skipped, thinning } = thinned();
    const shown: number[] = [];
    for (; at < 5_000; at += 10) shown.push(send(50));
    const bySecond = Array.from({ length: 5 }, (_, second) =>
      shown.slice(second * 100, second * 100 + 100).reduce((sum, each) => sum + each, 0),
    );
    // Two seconds' worth at once, without the share that is kept for what is serious.
    expect(bySecond[0]).toBe(180);
    expect(bySecond.slice(1)).toEqual([100, 100, 100, 100]);
    thinning.end();
    expect(skipped).toEqual([4_820, 4_900, 4_900, 4_900, 4_900]);
  });

  it("keeps a share for warnings and errors", () => {
    const { send } = thinned();
    send(10_000);
    expect(send(50, error)).toBe(20);
    expect(send(1)).toBe(0);
  });

  it("counts lines, not records, and shows one that is larger than a second's worth", () => {
    const { send, skipped, thinning } = thinned();
    expect(send(3, info, 1_000)).toBe(1);
    thinning.end();
    expect(skipped).toEqual([2_000]);
    // What it took is given back by time.
    at = 4_000;
    expect(send(1)).toBe(0);
    at = 12_000;
    expect(send(1)).toBe(1);
  });

  it("leaves nothing out at a rate that can be shown", () => {
    const { send, skipped, thinning } = thinned();
    for (; at < 60_000; at += 100) expect(send(10)).toBe(10);
    thinning.end();
    expect(skipped).toEqual([]);
  });

  it("says what it left out also when nothing comes any more", async () => {
    vi.useFakeTimers();
    try {
      const skipped: number[] = [];
      const thinning = createThinning({ maxRate: 10, onEnd: (lines) => skipped.push(lines), now: () => at });
      thinning.roll();
      for (let index = 0; index < 100; index++) thinning.admits(info, 1);
      expect(skipped).toEqual([]);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(skipped).toEqual([82]);
    } finally {
      vi.useRealTimers();
    }
  });
});
