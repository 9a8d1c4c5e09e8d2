// The commands that README and CONTRIBUTING name are there, and so are the folders.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Command } from "../collector/cli/src/command.ts";
import { root as devmux } from "../collector/cli/src/commands/root.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
const documents = ["README.md", "CONTRIBUTING.md", "collector/cli/README.md"];

/** What stands in code: `…` and blocks, line by line. */
function code(text: string): string[] {
  const blocks = [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.split("\n"));
  const spans = [...text.replace(/```[\s\S]*?```/g, "").matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
  return [...blocks, ...spans].map((line) => line.trim());
}

const named = documents.flatMap((document) => code(read(document)).map((line) => [document, line] as const));

describe("every pnpm command is a script, or a program of the workspace", () => {
  const commands = named.flatMap(([document, line]) => {
    const match = /^(?:npx -y pnpm@12|pnpm) ([a-z][\w-]*)/.exec(line);
    return match ? [[document, match[1]!] as const] : [];
  });

  test("there are some", () => {
    expect(commands.map(([, name]) => name)).toEqual(
      expect.arrayContaining(["start", "test", "build", "devmux", "bench"]),
    );
  });

  test.each(commands)("%s: pnpm %s", (_document, name) => {
    expect(name in scripts || existsSync(join(root, "node_modules", ".bin", name))).toBe(true);
  });
});

test("every script of the workspace that runs a file runs one that is there", () => {
  for (const [name, command] of Object.entries(scripts)) {
    const file = /^node (\S+)/.exec(command)?.[1];
    if (file !== undefined) expect([name, existsSync(join(root, file))]).toEqual([name, true]);
  }
});

describe("every devmux command is one, with options that it has", () => {
  const lines = named.flatMap(([document, line]) => {
    const match = /^(?:pnpm )?devmux ([a-z].*)$/.exec(line);
    return match ? [[document, match[1]!] as const] : [];
  });

  test("there are some", () => expect(lines.length).toBeGreaterThan(8));

  test.each(lines)("%s: devmux %s", (_document, line) => {
    const words = line.replace(/[[\]]/g, "").split(/\s+/);
    let command: Command = devmux;
    for (let next = find(command, words[0]); next !== undefined; next = find(command, words[0])) {
      command = next;
      words.shift();
    }
    expect(command.commands).toBeUndefined();
    // What stands behind `--` is another program's.
    const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
    for (const word of own) if (word.startsWith("--")) expect(Object.keys(command.args)).toContain(word.slice(2));
  });
});

function find(command: Command, word: string | undefined): Command | undefined {
  return command.commands?.find(({ name }) => name === word);
}

test("every folder of the README's map is there, and every package of the workspace is in the map", () => {
  const rows = [...read("README.md").matchAll(/^\| `([\w/-]+)\/` \|/gm)].map(([, folder]) => folder!);
  for (const folder of rows) expect([folder, existsSync(join(root, folder))]).toEqual([folder, true]);
  const packages = [
    ...read("pnpm-workspace.yaml")
      .split("catalog:")[0]!
      .matchAll(/^ {2}- (.+)$/gm),
  ]
    .map(([, each]) => each!)
    .filter((each) => !each.startsWith('"!'));
  for (const each of packages) {
    const inMap = each.endsWith("/*") ? rows.some((row) => row.startsWith(each.slice(0, -1))) : rows.includes(each);
    expect([each, inMap]).toEqual([each, true]);
  }
});

test("the README opens with the two commands that everything begins with", () => {
  const [first, second] = code(read("README.md"));
  expect(first).toMatch(/^npx -y pnpm@12 start\b/);
  expect(second).toMatch(/^npx -y pnpm@12 test\b/);
});
