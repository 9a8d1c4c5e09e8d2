import { describe, expect, it } from "vitest";
import { createIsoTime, createTimeOfDay, localDate } from "./clock.ts";

describe("times", () => {
  it("write the time of day in the machine's zone", () => {
    const format = createTimeOfDay();
    expect(format(new Date(2026, 10, 21, 9, 5, 7, 42).getTime())).toBe("09:05:07.042");
    expect(format(new Date(2026, 10, 21, 9, 5, 7, 999).getTime())).toBe("09:05:07.999");
    expect(format(new Date(2026, 10, 21, 23, 59, 59, 1).getTime())).toBe("23:59:59.001");
  });

  it("write what toISOString writes", () => {
    const format = createIsoTime();
    for (const time of [0, 1, 999, 1000, 1_763_000_000_123, 1_763_000_000_999, 8.64e15, 253_402_300_800_000]) {
      expect(format(time)).toBe(new Date(time).toISOString());
    }
  });

  it("never throw", () => {
    for (const time of [Number.NaN, -1, Number.POSITIVE_INFINITY, 1e17]) {
      expect(createTimeOfDay()(time)).toBe("--:--:--.---");
      expect(createIsoTime()(time)).toBe("1970-01-01T00:00:00.000Z");
    }
  });

  it("write a date", () => expect(localDate(new Date(2026, 0, 2, 3).getTime())).toBe("2026-01-02"));
});
