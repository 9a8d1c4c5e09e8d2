// The last line of `pnpm test` must not say that all is well when it is not: real runs of vitest that go wrong in one way each.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
// @ts-expect-error a plain script, without types
import { verdictOf } from "./lib/verdict.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
let directory: string;
beforeEach(() => {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  // Inside the workspace, so that vitest is found.
  directory = mkdtempSync(join(cache, "verdict-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function runVitest(): Promise<number> {
  const report = join(directory, "report.json");
  const args = ["run", "--root", directory, "--reporter=json", `--outputFile=${report}`];
  return new Promise((resolve) => {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    execFile(process.execPath, [vitest, ...args], (error) => resolve(error === null ? 0 : Number(error.code)));
  });
}

const header = 'import { beforeAll, test } from "vitest";\n';
const good = `${header}test("a", () => {}); test("b", () => {});`;

test.each([
  ["all pass", good, { passed: 2, failed: 0 }],
  ["one fails", `${good} test("c", () => { throw new Error("no"); });`, { passed: 2, failed: 1 }],
  ["a file that does not load", "import './missing.ts';", { passed: 0, failed: 1 }],
  [
    "set-up that fails",
    `${header}beforeAll(() => { throw new Error("no"); }); test("a", () => {});`,
    { passed: 0, failed: 1 },
  ],
  ["an error that belongs to no test", `${good} Promise.reject(new Error("no"));`, { passed: 2, failed: 1 }],
])("%s", async (_name, text, expected) => {
  writeFileSync(join(directory, "x.test.ts"), text);
  const code = await runVitest();
  expect(verdictOf(join(directory, "report.json"), code)).toEqual(expected);
});

test("a run that left no report has failed", () => {
  expect(verdictOf(join(directory, "report.json"), 0)).toEqual({ passed: 0, failed: 1 });
});
