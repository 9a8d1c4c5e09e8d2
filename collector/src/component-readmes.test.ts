// Every processor and connector has a README that names each of its options with its default.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { componentJsonSchema, type JsonSchema } from "./config/json-schema.ts";
import { connectorFactories } from "./connectors/index.ts";
import { processorFactories } from "./processors/index.ts";

const components = [...processorFactories, ...connectorFactories].map((factory) => ({
  factory,
  name: `${factory.kind}s/${factory.type}`,
}));

/** Options of nested objects by their path, arrays and maps of options as one. */
function optionsOf(schema: JsonSchema, path = ""): [string, unknown][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    property.properties === undefined || path !== ""
      ? [[path + key, property.default] as [string, unknown]]
      : optionsOf(property, `${path}${key}.`),
  );
}

/** A default as a README writes it, where that is one word; a map of components' own names is described. */
function written(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? `\`${JSON.stringify(value)}\`` : undefined;
  return value === undefined ? undefined : `\`${value}\``;
}

test.each(components)("$name", ({ factory, name }) => {
  const readme = readFileSync(new URL(`./${name}/README.md`, import.meta.url), "utf8");
  expect(readme.startsWith(`# ${factory.type}\n`)).toBe(true);
  for (const signal of factory.signals) expect(readme).toMatch(new RegExp(`Signals: [^.]*\\b${signal}\\b`));
  const rows = readme.split("\n").filter((line) => line.startsWith("| `"));
  const missing = optionsOf(componentJsonSchema(factory, {})).filter(([option, value]) => {
    const row = rows.find((line) => line.split("|")[1]!.includes(`\`${option}\``));
    const expected = written(value);
    return row === undefined || (expected !== undefined && !row.split("|")[2]!.includes(expected));
  });
  expect(missing).toEqual([]);
});
