// The README's tables are what the program does.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tailCommand } from "./commands/tail.ts";
import { errorCodes } from "./errors.ts";
import { exitCodeMeanings, exitCodes } from "./exit-codes.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

function rows(heading: string): string[][] {
  const section = readme.split(`## ${heading}\n`)[1]!.split("\n## ")[0]!;
  const lines = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| code"));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("the table of exit codes is the program's", () => {
  const own = Object.entries(exitCodes).map(([name, code]) => [
    String(code),
    name,
    exitCodeMeanings[name as keyof typeof exitCodes],
  ]);
  expect(rows("Exit codes")).toEqual(own);
});

test("the table of errors has every code with its exit code, and no other", () => {
  const documented = rows("Errors").map(([code, exitCode]) => [code, exitCode]);
  expect(documented).toEqual(Object.entries(errorCodes).map(([code, exitCode]) => [`\`${code}\``, String(exitCode)]));
});

test("the table of tail's options has every option, with its letter, and no other", () => {
  const section = readme.split("| option of `tail` |")[1]!.split("\n\n")[0]!;
  const documented = [...section.matchAll(/^\| `(--\w+)`(?:, `(-\w)`)? \| .{10,} \|$/gm)].map(([, name, letter]) => [
    name,
    letter,
  ]);
  const own = Object.entries(tailCommand.args)
    .filter(([, { type }]) => type !== "positional")
    .map(([name, definition]) => {
      const [letter] = "alias" in definition ? [definition.alias ?? []].flat() : [];
      return [`--${name}`, letter === undefined ? undefined : `-${letter}`];
    });
  expect(documented).toEqual(own);
});
