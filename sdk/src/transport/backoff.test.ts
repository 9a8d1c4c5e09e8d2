import { expect, test } from "vitest";
import { createBackoff } from "./backoff.ts";

const longest = (): number => 1;

test("without a collector: 0.5, 1, 2, 4 s, then once a minute", () => {
  const backoff = createBackoff(longest);
  expect(Array.from({ length: 7 }, () => backoff.next())).toEqual([500, 1_000, 2_000, 4_000, 60_000, 60_000, 60_000]);
});

test("after a collector was there: at most two seconds apart for a while", () => {
  const backoff = createBackoff(longest);
  backoff.greeted();
  backoff.succeeded();
  const waits = Array.from({ length: 18 }, () => backoff.next());
  expect(waits.slice(0, 12)).toEqual([500, 1_000, ...Array(10).fill(2_000)]);
  expect(waits.slice(12)).toEqual([500, 1_000, 2_000, 4_000, 60_000, 60_000]);
});

test("one that greets and ends every connection is never asked faster than that", () => {
  const backoff = createBackoff(longest);
  const waits = Array.from({ length: 50 }, () => {
    backoff.greeted();
    return backoff.next();
  });
  expect(waits.slice(3)).toEqual(Array(47).fill(2_000));
});

test("full jitter", () => {
  expect(createBackoff(() => 0).next()).toBe(0);
  expect(createBackoff(() => 0.25).next()).toBe(125);
});
