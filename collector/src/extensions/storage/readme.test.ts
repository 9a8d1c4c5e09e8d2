// The README's table of options is that of the configuration.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { storageConfig } from "./config.ts";

test("the table has every option with its default", () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
  const rows = [...readme.matchAll(/^\| `([\w.]+)` \| (?:`([^|`]*)`)? ?\| (.*) \|$/gm)];
  const schema = z.toJSONSchema(storageConfig, { io: "input", unrepresentable: "any" });
  const options = Object.entries(schema.properties ?? {}).map(([key, property]) => [
    key,
    String((property as { default?: unknown }).default ?? ""),
  ]);
  expect(rows.map(([, option, initial = ""]) => [option, initial])).toEqual(options);
});
