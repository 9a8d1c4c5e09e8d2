// The list of README.md is true: each adversarial input is in it, its row or its test is there.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { rows } from "../src/testing/rows/rows.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const list = [...readFileSync(`${root}test/README.md`, "utf8").matchAll(/^\| (\d+) \| .* \| (.*) \|$/gm)].map(
  ([, number, shownBy = ""]) => ({ number: Number(number), shownBy }),
);

/** The numbers of the list that the inputs come from; it leaves some out, a few of which the table has as well. */
const inputs = Array.from({ length: 77 }, (_, index) => index + 1).filter(
  (number) => ![6, 15, 16, 24, 25, 28, 30, 33, 43, 45, 48, 49, 55, 74].includes(number),
);

test("every input is in the list", () => {
  expect([...new Set(list.map(({ number }) => number))]).toEqual(inputs);
});

test.each(list.filter(({ shownBy }) => shownBy === "table"))("input $number is a row of the table", ({ number }) => {
  expect(rows.some(({ name }) => Number.parseInt(name, 10) === number)).toBe(true);
});

test.each(list.filter(({ shownBy }) => shownBy !== "table"))("input $number: $shownBy", ({ shownBy }) => {
  const [, file, title] = /^`(.+?)`: (.+)$/.exec(shownBy) ?? [];
  if (file === undefined || title === undefined) throw new Error(`expected a file and a title, got ${shownBy}`);
  expect(readFileSync(root + file, "utf8")).toContain(title);
});
