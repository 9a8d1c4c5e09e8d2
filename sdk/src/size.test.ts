// What the client costs a page: everything that `initTelemetry` brings, OTel and WebSocket included, gzipped.

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

async function sizeOf(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    // Loaded by whoever asks for the transport `otlp-http`, and by nobody else.
    external: ["@opentelemetry/exporter-logs-otlp-http"],
    format: "esm",
    platform: "browser",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"development"' },
  });
  const bundled = outputFiles[0]?.text ?? "";
  const { code: small = "" } = await minify(bundled, {
    module: true,
    ecma: 2020,
    compress: { passes: 3, inline: 1, reduce_funcs: false, sequences: false },
  });
  return gzipSync(small, { level: 9 }).length;
}

test("initTelemetry with OTel and WebSocket is at most 21 KiB", async () => {
  const size = await sizeOf(
    'import { initTelemetry, shutdownTelemetry } from "./dist/browser/index.js"; initTelemetry(); shutdownTelemetry();',
  );
  expect(size).toBeGreaterThan(10_000);
  expect(size).toBeLessThanOrEqual(21 * 1024);
});

test("importing without using costs nothing", async () => {
  const code = 'import { initTelemetry } from "./dist/browser/index.js"; if (false) initTelemetry();';
  expect(await sizeOf(code)).toBeLessThan(100);
});
