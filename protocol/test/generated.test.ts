// gen/ is what otlp.proto makes today.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { generate } from "./generate.mjs";

test("the generated code is the one that otlp.proto gives", () => {
  const committed = fileURLToPath(new URL("gen", import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), "otlp-gen-"));
  try {
    generate(directory);
    const files = readdirSync(directory).sort();
    expect(files).toEqual(readdirSync(committed).sort());
    for (const file of files)
      expect(readFileSync(join(committed, file), "utf8")).toBe(readFileSync(join(directory, file), "utf8"));
  } finally {
    rmSync(directory, { recursive: true });
  }
});
