import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { otlpErrorCodes } from "./errors.ts";

const here = new URL(".", import.meta.url);

test("the README lists every error code with its meaning, and no other", () => {
  const readme = readFileSync(new URL("README.md", here), "utf8");
  const rows = [...readme.matchAll(/^\| `(DEVMUX_\w+)` \| (.+) \|$/gm)].map(([, code, meaning]) => [code, meaning]);
  expect(rows).toEqual(Object.entries(otlpErrorCodes));
});

test("every error code is thrown somewhere", () => {
  const sources = readdirSync(here, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== "errors.ts")
    .map((name) => readFileSync(new URL(name, here), "utf8"))
    .join("\n");
  for (const code of Object.keys(otlpErrorCodes)) expect(sources).toContain(`"${code}"`);
});
