// What `tsc -b` does not make of the client: a bundle for pages without a bundler, and CommonJS with its types.
// Run after `tsc -b`, whose output it reads.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

/** What every output has in common. */
const common = {
  absWorkingDir: root,
  entryPoints: ["dist/index.js"],
  bundle: true,
  sourcemap: true,
  logLevel: "warning",
  // esbuild would decide here what only the app's own bundler knows: whether this is development.
  define: { "process.env.NODE_ENV": "process.env.NODE_ENV" },
};

/** For `<script type="module">`: everything in one file. The syntax is that of Chromium 90, Firefox 90 and Safari 15. */
export const browserBundle = {
  ...common,
  platform: "browser",
  format: "esm",
  target: ["chrome90", "firefox90", "safari15"],
  minify: true,
  outfile: "dist/bundle/devmux-telemetry.js",
};

/** For `require`. The protocol is taken in, because it is ESM alone. */
export const commonJs = {
  ...common,
  platform: "node",
  format: "cjs",
  target: "node22",
  external: ["@opentelemetry/*"],
  outfile: "dist/cjs/index.js",
};

/** Developer tools step over what a source map lists so, and show the app's line beside a console call. */
function ignoreListed(mapFile) {
  const map = JSON.parse(readFileSync(mapFile, "utf8"));
  const all = map.sources.map((_, index) => index);
  writeFileSync(mapFile, JSON.stringify({ ...map, ignoreList: all, x_google_ignoreList: all }));
}

/** Types for `require`: the same declarations in a folder that is CommonJS. */
function copyTypes() {
  const cjs = join(dist, "cjs");
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts") || /^(cjs|bundle)[/\\]/.test(file)) continue;
    mkdirSync(dirname(join(cjs, file)), { recursive: true });
    cpSync(join(dist, file), join(cjs, file));
  }
  writeFileSync(join(cjs, "package.json"), '{ "type": "commonjs" }\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of ["bundle", "cjs"]) rmSync(join(dist, folder), { recursive: true, force: true });
  await Promise.all([build(browserBundle), build(commonJs)]);
  ignoreListed(join(dist, "bundle", "devmux-telemetry.js.map"));
  copyTypes();
}
