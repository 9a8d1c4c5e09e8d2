// Each dependency earns its place: what the manifests name has a line in ARCHITECTURE.md, and each name of a line is in a manifest.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const [, importers = ""] = /\nimporters:\n([\s\S]*?)\npackages:\n/.exec(read("pnpm-lock.yaml")) ?? [];
const manifests = [...importers.matchAll(/^ {2}(\S+):$/gm)].map(([, folder = ""]) => join(folder, "package.json"));
const used = manifests.flatMap((file) => {
  const { dependencies, devDependencies, peerDependencies } = JSON.parse(read(file)) as Manifest;
  return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })
    .filter((name) => !/^@(?:chriscode|types)\//.test(name))
    .map((name) => [name, dirname(file)] as const);
});

const [, table = ""] = /## Dependencies\n([\s\S]*?)\n## /.exec(read("ARCHITECTURE.md")) ?? [];
const lines = [...table.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].slice(1);
const named = lines.flatMap(([, parts = ""]) => parts.split(", "));

/** A name stands for itself and for what begins with it: `metro` for `metro-config`, `@react-native` for what is in there. */
const stands = (name: string, dependency: string) =>
  dependency === name || dependency.startsWith(`${name}-`) || dependency.startsWith(`${name}/`);

test("there are some", () => expect([used.length > 40, named.length > 30]).toEqual([true, true]));

test.each(used)("%s, of %s, has a line", (dependency) => {
  expect(named.filter((name) => stands(name, dependency))).not.toEqual([]);
});

test.each([...new Set(named)])("%s is used", (name) => {
  expect(used.filter(([dependency]) => stands(name, dependency))).not.toEqual([]);
});
