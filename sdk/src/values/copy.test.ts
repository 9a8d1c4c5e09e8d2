// The law of a copy: it reads as the value did, whatever becomes of the value.

import { expect, test } from "vitest";
import { rows } from "../testing/rows/rows.ts";
import { copyValues } from "./copy.ts";
import { formatArguments } from "./format.ts";
import { defaultLimits } from "./limits.ts";

/** The arguments of every call of the survival table. */
const inputs = rows
  .filter(({ needs = [] }) => needs.every((name) => name in globalThis))
  .map((row) => [row.name, row] as const);

const textOf = (args: readonly unknown[]): string => formatArguments(args, defaultLimits).text;

test.each(inputs)("%s reads the same, and is copied in about a millisecond", (_, { calls, engineCost }) => {
  for (const [, ...args] of calls()) expect(textOf(copyValues(args))).toBe(textOf(args));
  const times = Array.from({ length: 5 }, () => {
    const made = calls();
    const started = performance.now();
    for (const [, ...args] of made) copyValues(args);
    return (performance.now() - started) / made.length;
  });
  // The law is a millisecond; a busy machine gets more. What the engine itself needs longer for is no matter of ours.
  if (engineCost === undefined) expect(Math.min(...times)).toBeLessThan(4);
});

test("what is changed later is as it was", () => {
  class Cart {
    lines = [{ sku: "a" }];
    seen = new Set(["x"]);
    prices = new Map([["a", { cents: 1 }]]);
  }
  const cart = new Cart();
  const [copy] = copyValues([cart]);
  const before = formatArguments([cart], defaultLimits).text;
  cart.lines[0] = { sku: "b" };
  cart.lines.push({ sku: "c" });
  cart.seen.clear();
  cart.prices.set("a", { cents: 2 });
  expect(formatArguments([copy], defaultLimits).text).toBe(before);
});

test("Maps in Maps and arrays in arrays are copied within one budget", () => {
  const maps = (level: number): Map<number, unknown> =>
    new Map(Array.from({ length: 30 }, (_, index) => [index, level > 0 ? maps(level - 1) : index]));
  const arrays = (level: number): unknown[] =>
    Array.from({ length: 30 }, (_, index) => (level > 0 ? arrays(level - 1) : index));
  for (const value of [maps(3), arrays(3)]) {
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now();
      copyValues([value]);
      return performance.now() - started;
    });
    // 810,000 values; a thousand of them are copied.
    expect(Math.min(...times)).toBeLessThan(4);
  }
});

test("a getter runs once", () => {
  let runs = 0;
  const object = {
    get value() {
      return ++runs;
    },
  };
  expect(formatArguments(copyValues([object]), defaultLimits).text).toBe("{ value: 1 }");
  expect(runs).toBe(1);
});
