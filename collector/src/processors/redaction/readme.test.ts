import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rules } from "./rules/index.ts";

const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");

test("the README lists every rule with what it finds", () => {
  const missing = rules.filter(({ name, finds }) => !readme.includes(`| \`${name}\` | ${finds} |`));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test("names of rules are unique", () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});
