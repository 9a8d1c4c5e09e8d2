// The README's first table is that of the configuration, and what is refused is in it too.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { componentJsonSchema, type JsonSchema } from "../../config/json-schema.ts";
import { otlpReceiverFactory } from "./factory.ts";

const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
const [options, tls, refused] = readme.split(/\n(?=`tls`, for each|Taken where they)/) as [string, string, string];

/** Options of nested objects by their path. `not: {}` is what is refused. */
function leavesOf(schema: JsonSchema, path = ""): [string, JsonSchema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    property.properties === undefined
      ? [[path + key, property] as [string, JsonSchema]]
      : leavesOf(property, `${path}${key}.`),
  );
}

const isRefused = (path: string, { not, const: only }: JsonSchema) =>
  not !== undefined || only !== undefined || path.endsWith("enforcement_policy");

test("every option is there with its default", () => {
  const leaves = leavesOf(componentJsonSchema(otlpReceiverFactory, {}));
  expect(leaves.length).toBeGreaterThan(40);
  const missing = leaves.filter(([path, schema]) => {
    const name = path.split(".").at(-1)!;
    if (isRefused(path, schema)) return !refused.includes(`${name}\``);
    if (path.includes(".tls.")) return !tls.includes(`\`${name}\``);
    if (path.includes("server_parameters.")) return !options.includes(`\`${name}\``);
    const row = options.split("\n").find((line) => line.startsWith(`| \`${path}\` |`));
    const initial = typeof schema.default === "object" ? JSON.stringify(schema.default) : schema.default;
    return row === undefined || (initial !== undefined && !row.includes(`| \`${initial}\` |`));
  });
  expect(missing.map(([path]) => path)).toEqual([]);
});
