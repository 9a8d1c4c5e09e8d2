import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { maxLogBytes, rotating } from "./log-file.ts";
import { createShownFile, shownFile } from "./shown-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "devmux-log-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("past its size the log goes to one file beside it, and begins anew in the same file", () => {
  const path = join(directory, "collector.log");
  writeFileSync(path, "old\n", { mode: 0o600 });
  const { ino } = statSync(path);
  const write = (text: string) => {
    appendFileSync(path, text);
    return true;
  };
  const output = rotating({ write }, path, 100);
  for (let index = 0; index < 30; index++) output.write(`line ${index}\n`);
  const [now, before] = [readFileSync(path, "utf8"), readFileSync(`${path}.1`, "utf8")];
  expect(statSync(path).ino).toBe(ino);
  expect(now.length).toBeLessThanOrEqual(100);
  expect(before.length).toBeLessThanOrEqual(100);
  expect(now.endsWith("line 29\n")).toBe(true);
  const numbers = [...`${before}${now}`.matchAll(/line (\d+)/g)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 30 - numbers.length + index));
  expect(statSync(`${path}.1`).mode & 0o077).toBe(0);
});

test("a log that cannot be rotated goes on", () => {
  const written: string[] = [];
  const output = rotating({ write: (text) => written.push(text) > 0 }, join(directory, "gone", "x.log"), 10);
  for (const text of ["one line\n", "another line\n"]) output.write(text);
  expect(written).toHaveLength(2);
});

test("what is shown without a terminal is in a private file that is there from the first record on, and bounded", () => {
  const path = shownFile(directory);
  const file = createShownFile(path);
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  const line = `${"x".repeat(64 * 1024)}\n`;
  for (let written = 0; written < 2.5 * maxLogBytes; written += line.length) file.write(line);
  expect(statSync(path).mode & 0o077).toBe(0);
  for (const each of [path, `${path}.1`]) expect(statSync(each).size).toBeLessThanOrEqual(maxLogBytes);
});
