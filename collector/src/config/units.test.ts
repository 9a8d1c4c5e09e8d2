import { expect, test } from "vitest";
import { parseDuration, parseSize } from "./units.ts";

test.each([
  ["5s", 5_000],
  ["200ms", 200],
  ["1m30s", 90_000],
  ["1.5h", 5_400_000],
  ["0", 0],
  ["0s", 0],
])("duration %s is %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(["", "5", "s", "5 s", "-1s", "5sec", "1h!"])("%j is no duration", (text) =>
  expect(parseDuration(text)).toBeUndefined(),
);

test.each([
  ["64MiB", 64 * 1024 ** 2],
  ["1GB", 1e9],
  ["4096", 4096],
  ["1.5 KiB", 1536],
  ["10b", 10],
])("size %s is %d bytes", (text, bytes) => expect(parseSize(text)).toBe(bytes));

test.each(["", "MiB", "-1", "1TB2", "ten"])("%j is no size", (text) => expect(parseSize(text)).toBeUndefined());
