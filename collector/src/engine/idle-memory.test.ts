import { afterEach, expect, test, vi } from "vitest";
import { findCollectGarbage, keepIdleMemorySmall } from "./idle-memory.ts";

afterEach(() => vi.useRealTimers());

test("gives memory back once after the start and once after each burst, never while records come", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let records = 0;
  let collected = 0;
  const idle = keepIdleMemorySmall(
    () => records,
    () => () => void collected++,
  );
  const quiet = () => vi.advanceTimersByTime(2_000);
  quiet();
  quiet();
  quiet();
  expect(collected).toBe(1);
  for (let burst = 0; burst < 5; burst++) {
    records += 100;
    quiet();
  }
  expect(collected).toBe(1);
  quiet();
  quiet();
  expect(collected).toBe(2);
  idle.stop();
  records++;
  quiet();
  quiet();
  expect(collected).toBe(2);
});

test("the engine's own function collects, and is left nowhere", () => {
  const collect = findCollectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  // Garbage as soon as it is made.
  for (let index = 0; index < 20; index++) new Uint8Array(1024 * 1024).fill(1);
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * 1024 * 1024);
  expect(globalThis).not.toHaveProperty("gc");
});
