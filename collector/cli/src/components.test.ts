// Every component that `devmux` brings is held to the contract of its kind: each of them stands in a test that runs the suite.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { factories } from "./components.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const suites = {
  receiver: ["collector/src/receivers", "testReceiver"],
  processor: ["collector/src/processors", "testProcessor"],
  connector: ["collector/src/connectors", "testConnector"],
  exporter: ["exporters/src", "testExporter"],
  extension: ["collector/src/extensions", "testExtension"],
} as const;

/** Tests under a folder that run a suite. */
function testsOf(folder: string, suite: string): { path: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => ({ path: file, text: readFileSync(join(root, folder, file), "utf8") }))
    .filter(({ text }) => text.includes(`${suite}(`));
}

test.each(factories.map((factory) => [`${factory.kind} ${factory.type}`, factory] as const))("%s", (_name, factory) => {
  const [folder, suite] = suites[factory.kind];
  const own = testsOf(folder, suite).filter(
    ({ path, text }) =>
      path.startsWith(`${factory.type}/`) || text.includes(`/${factory.type}/`) || text.includes(`"${factory.type}"`),
  );
  expect(own.map(({ path }) => path)).not.toEqual([]);
});

test("types are unique within a kind, aliases included", () => {
  const names = factories.flatMap(({ kind, type, aliases = [] }) =>
    [type, ...aliases].map((name) => `${kind} ${name}`),
  );
  expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
});
