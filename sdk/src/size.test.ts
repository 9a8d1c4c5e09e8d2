// What the client costs a page, gzipped: the core, which everything waits for, with OTel and the WebSocket; our own part of
// it; and what comes after it.

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const kibibyte = 1_024;

interface Size {
  /** Bytes of what the entry imports. */
  readonly first: number;
  /** Bytes of what it loads later. */
  readonly later: number;
  /** The code of the first. */
  readonly code: string;
}

async function sizeOf(code: string, alias: { [name: string]: string } = {}): Promise<Size> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    splitting: true,
    outdir: "/out",
    metafile: true,
    write: false,
    absWorkingDir: root,
    alias,
    // Loaded by whoever asks for the transport `otlp-http`, and by nobody else.
    external: ["@opentelemetry/exporter-logs-otlp-http"],
    format: "esm",
    platform: "browser",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"development"' },
    // A warning would be one for everybody who bundles the client.
    logLevel: "silent",
  }).then((result) => {
    expect(result.warnings.map(({ text }) => text)).toEqual([]);
    return result;
  });
  const outputs = Object.entries(metafile.outputs);
  const first = new Set<string>();
  const add = (path: string): void => {
    if (first.has(path)) return;
    first.add(path);
    for (const { path: next, kind, external } of metafile.outputs[path]?.imports ?? [])
      if (kind === "import-statement" && !external) add(next);
  };
  add(outputs.find(([, { entryPoint }]) => entryPoint === "<stdin>")?.[0] ?? "");
  const size = { first: 0, later: 0, code: "" };
  for (const [index, [path]] of outputs.entries()) {
    const { code: small = "" } = await minify(outputFiles[index]?.text ?? "", {
      module: true,
      ecma: 2020,
      compress: { passes: 3, inline: 1, sequences: false },
    });
    size[first.has(path) ? "first" : "later"] += gzipSync(small, { level: 9 }).length;
    if (first.has(path)) size.code += small;
  }
  return size;
}

const client =
  'import { initTelemetry, shutdownTelemetry } from "./dist/browser/index.js"; initTelemetry(); shutdownTelemetry();';

/** As much of OTel as the core uses, by itself. */
const official = `import { logs } from "@opentelemetry/api";
  import { SDK_INFO } from "@opentelemetry/core";
  import { resourceFromAttributes } from "@opentelemetry/resources";
  import { LoggerProvider } from "@opentelemetry/sdk-logs";
  const provider = new LoggerProvider({ resource: resourceFromAttributes(SDK_INFO), processors: [globalThis.processor] });
  logs.setGlobalLoggerProvider(provider);
  provider.getLogger("x").emit({});`;

test("the core, with the WebSocket, is at most 14 KiB with OTel, our own part of it at most 6.875, and all of the client at most 24", async () => {
  const size = await sizeOf(client);
  const { first: otel } = await sizeOf(official, {
    "@opentelemetry/resources": `${root}scripts/light-resources.mjs`,
  });
  console.info(
    `core ${size.first} B (OTel ${otel}, our own ${size.first - otel}), later ${size.later} B, in all ${size.first + size.later} B`,
  );
  // Greets, numbers, sends again and leaves.
  expect(size.code).toMatch(/hello-ack.*goodbye/s);
  expect(otel).toBeGreaterThan(6 * kibibyte);
  expect(size.first).toBeGreaterThan(10_000);
  expect(size.first).toBeLessThanOrEqual(14 * kibibyte);
  expect(size.first - otel).toBeLessThanOrEqual(6.875 * kibibyte);
  expect(size.later).toBeGreaterThan(5_000);
  expect(size.first + size.later).toBeLessThanOrEqual(24 * kibibyte);
});

test("importing without using loads nothing", async () => {
  const code = 'import { initTelemetry } from "./dist/browser/index.js"; if (false) initTelemetry();';
  expect((await sizeOf(code)).first).toBeLessThan(100);
});
