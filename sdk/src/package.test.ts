// The package as npm gets it: what it exports, its types for both module systems, and what a production build gets.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
let tarball: Buffer;

beforeAll(() => {
  const { stdout, stderr } = spawnSync(
    "tar",
    ["-czf", "-", "--transform", "s,^,package/,", "package.json", "README.md", "dist"],
    {
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (stdout.length === 0) throw new Error(`expected a tarball, tar said: ${stderr}`);
  tarball = stdout;
});

test("publint finds nothing", async () => {
  const { messages } = await publint({ pkgDir: root, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, manifest, { color: false }))).toEqual([]);
});

test("attw: the types are right for import and for require", async () => {
  const result = await checkPackage(createPackageFromTarballData(tarball));
  if (!result.types) throw new Error("expected types in the package");
  const problems = result.problems.map((problem) => JSON.stringify(problem));
  // The Vite plugin and the bundles are for import alone. What resolves by `main` and `types` (NestJS) is right too.
  const real = problems.filter((text) => !/\.\/vite|\.\/bundle|\.\/always/.test(text));
  expect(real).toEqual([]);
});

test("what each entry exports", async () => {
  const names: { [entry: string]: string[] } = {};
  for (const entry of ["index", "network", "react", "auto"]) {
    names[entry] = Object.keys(await import(`../dist/${entry}.js`)).sort();
  }
  expect(names).toEqual({
    index: ["createBatchProcessor", "createDevmuxExporter", "diagnose", "initTelemetry", "shutdownTelemetry"],
    network: ["captureNetwork"],
    react: ["captureReactError", "createErrorBoundary", "reactErrorHandlers"],
    auto: [],
  });
  const forBrowsers = await exportsOf("dist/browser/index.js");
  expect(forBrowsers).toEqual(names.index);
  expect(await exportsOf("dist/production/index.js")).toEqual(names.index);
});

async function exportsOf(file: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [root + file],
    bundle: true,
    format: "esm",
    write: false,
    metafile: true,
    external: ["@opentelemetry/*"],
  });
  return (Object.values(metafile.outputs)[0]?.exports ?? []).sort();
}

test("a production build has at most 300 bytes of it, and no socket", async () => {
  const contents = `import "@chriscode/devmux-telemetry/auto"; import { initTelemetry, shutdownTelemetry } from "@chriscode/devmux-telemetry";
    export { initTelemetry, shutdownTelemetry };`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    conditions: ["production"],
    platform: "browser",
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  const [text = ""] = outputFiles.map((file) => file.text);
  expect(text).toContain("initTelemetry");
  expect(text).not.toMatch(/WebSocket|console/);
  expect(gzipSync(text).length).toBeLessThanOrEqual(300);
  expect(gzipSync(readFileSync(`${root}dist/production/index.js`)).length).toBeLessThanOrEqual(300);
});

test("importing any entry but /auto and /node changes nothing", () => {
  const code = `
    const before = { ...console, fetch: globalThis.fetch };
    for (const entry of ["index", "network", "react"]) await import(${JSON.stringify(`${root}dist/`)} + entry + ".js");
    const after = { ...console, fetch: globalThis.fetch };
    const symbols = Object.getOwnPropertySymbols(globalThis).filter((each) => /devmux/.test(String(each)));
    process.stdout.write(String(Object.keys(after).every((key) => after[key] === before[key]) && symbols.length === 0));`;
  expect(spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" }).stdout).toBe("true");
});
