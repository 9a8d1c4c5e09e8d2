// The arrows of ARCHITECTURE.md, held over manifests and imports.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const scope = "@chriscode/devmux-telemetry";

/** Which of our packages each one may import, tests included. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  // Itself too: a test of the package as npm gives it.
  sdk: [`${scope}-protocol`, scope],
  collector: [`${scope}-protocol`],
  exporters: [`${scope}-protocol`, `${scope}-server`],
  "collector/cli": [`${scope}-protocol`, `${scope}-server`, `${scope}-exporters`],
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(root, folder, "src", file));
}

function imported(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, specifier]) => specifier!);
}

test.each(Object.entries(arrows))("%s imports only what its arrow points to", (folder, allowed) => {
  const wrong = sources(folder).flatMap((file) =>
    imported(file)
      .filter((specifier) => specifier.startsWith(scope))
      .filter((specifier) => !allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`)))
      .map((specifier) => `${file}: ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test.each(Object.entries(arrows))("%s declares only what its arrow points to", (folder, allowed) => {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  const ours = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith(scope));
  expect(ours.filter((name) => !allowed.includes(name))).toEqual([]);
});

test("exporters see of the collector only its contracts", () => {
  const wrong = sources("exporters")
    .filter((file) => !file.endsWith(".test.ts"))
    .flatMap((file) => imported(file).filter((specifier) => specifier.startsWith(`${scope}-server`)))
    .filter((specifier) => specifier !== `${scope}-server/component`);
  expect(wrong).toEqual([]);
});

test("the protocol runs in a browser: no Node module, no package", () => {
  const wrong = sources("protocol")
    .filter((file) => !/\.test\.ts$|\/testing\//.test(file))
    .flatMap((file) => imported(file).filter((specifier) => !specifier.startsWith(".")));
  expect(wrong).toEqual([]);
});

test("inside the collector, components import no engine", () => {
  const wrong = sources("collector")
    .filter((file) => /\/(receivers|processors|extensions)\//.test(file) && !file.endsWith(".test.ts"))
    .flatMap((file) =>
      imported(file)
        .filter((specifier) => specifier.includes("/engine/"))
        .map((specifier) => `${file}: ${specifier}`),
    );
  expect(wrong).toEqual([]);
});
