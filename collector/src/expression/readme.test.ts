// The reference names every path and function, and its examples compile.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileCondition } from "./condition.ts";
import { editors } from "./editors/index.ts";
import { functions } from "./functions/index.ts";
import { recordPaths } from "./paths.ts";
import { compileRecordStatement } from "./statement.ts";

const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");

test("every function and path is in the reference", () => {
  const names = [...functions.keys(), ...editors.keys()];
  const paths = [...recordPaths().keys()].filter((path) => !/^instrumentation_scope\.|\.string$/.test(path));
  const missing = [...names, ...paths].filter((name) => !readme.includes(`\`${name}`));
  expect(missing).toEqual([]);
});

test("the examples compile", () => {
  const examples = /```\n([\s\S]*?)```/.exec(readme)![1]!.trim().split("\n");
  expect(examples).toHaveLength(4);
  for (const example of examples) {
    if (/^(set|merge_maps)/.test(example)) expect(compileRecordStatement(example).source).toBe(example);
    else expect(compileCondition(example).source).toBe(example);
  }
});
