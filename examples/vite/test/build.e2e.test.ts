// The production build: no trace of telemetry, whatever the app imports of it.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { devmuxTelemetry } from "@chriscode/devmux-telemetry/vite";
import { build, type InlineConfig } from "vite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const example = fileURLToPath(new URL("..", import.meta.url));
const traces = /devmux|opentelemetry|telemetry|9876|__devmux|collector\.example|log\.record\.uid/i;

// As `vite build` has it; the test runner sets its own.
beforeEach(() => void vi.stubEnv("NODE_ENV", "production"));
afterEach(() => void vi.unstubAllEnvs());

async function outputOf(config: InlineConfig): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), "devmux-build-"));
  try {
    await build({
      configFile: false,
      logLevel: "error",
      ...config,
      build: { outDir, emptyOutDir: true, ...config.build },
    });
    return readdirSync(outDir, { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), "utf8")}`)
      .join("\n");
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** A page whose only script is `code`. */
function page(code: string, minify: boolean): InlineConfig {
  return {
    root: example,
    plugins: [
      devmuxTelemetry({ telemetry: { serviceName: "devmux-named" } }),
      {
        name: "code",
        resolveId: (id) => (id === "the-app" ? `${example}src/the-app.js` : null),
        load: (id) => (id === `${example}src/the-app.js` ? code : null),
      },
    ],
    build: { rolldownOptions: { input: "the-app" }, minify },
  };
}

test("the example: its console calls as they are, and nothing else", async () => {
  const output = await outputOf({ root: example, plugins: [devmuxTelemetry()] });
  expect(output).toContain("welcome to");
  expect(output.replaceAll("<title>DevMux Telemetry with Vite</title>", "").replaceAll("of telemetry", "")).not.toMatch(
    traces,
  );
});

test.each([true, false])("an app that calls the client itself (minified: %s)", async (minify) => {
  const output = await outputOf(
    page(
      `import { initTelemetry, shutdownTelemetry } from "@chriscode/devmux-telemetry";
       import * as all from "@chriscode/devmux-telemetry";
       import "@chriscode/devmux-telemetry/auto";
       import { captureNetwork } from "@chriscode/devmux-telemetry/network";
       import { createErrorBoundary, reactErrorHandlers } from "@chriscode/devmux-telemetry/react";
       captureNetwork();
       const Boundary = createErrorBoundary({ Component: class {} });
       console.log(reactErrorHandlers({ onCaughtError() {} }), new Boundary({ children: "kept" }));
       initTelemetry({ serverUrl: new URLSearchParams(location.search).get("devmux") ?? "ws://collector.example:9876" });
       all.initTelemetry({ serviceName: "devmux" + Date.now() });
       addEventListener("pagehide", () => shutdownTelemetry());
       console.log("the app");`,
      minify,
    ),
  );
  expect(output).toContain("the app");
  expect(output.replaceAll(/function shutdownTelemetry|shutdownTelemetry\(\)|#region .*|\/\/.*/g, "")).not.toMatch(
    traces,
  );
});

test("what an app makes of the result still works", async () => {
  const output = await outputOf({
    ...page(
      `import { initTelemetry } from "@chriscode/devmux-telemetry";
       const telemetry = initTelemetry({ serverUrl: "ws://collector.example:9876" });
       export const result = telemetry.flush().then(() => [telemetry.enabled, telemetry.status.problems.length]);`,
      true,
    ),
    build: { rolldownOptions: { input: "the-app", preserveEntrySignatures: "strict" } },
  });
  expect(output).not.toMatch(traces);
  const code = output.slice(output.indexOf("\n") + 1);
  const { result } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  expect(await result).toEqual([false, 0]);
});

test("a build that is no production build keeps the client", async () => {
  const config = page('import { initTelemetry } from "@chriscode/devmux-telemetry"; initTelemetry();', false);
  vi.stubEnv("NODE_ENV", "development");
  expect(await outputOf({ ...config, mode: "development" })).toContain("devmux-telemetry");
});
