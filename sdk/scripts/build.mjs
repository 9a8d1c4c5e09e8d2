// What `tsc -b` does not make of the client: what browsers get, a bundle for pages without a bundler, and CommonJS with
// its types. Run after `tsc -b`, whose output it reads.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

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

/** Takes the platforms of a runtime, `detect.<name>.js`, in place of those of Node. */
function platformOf(name, isSplit) {
  return {
    name: "platform",
    setup(build) {
      if (isSplit) {
        build.onResolve({ filter: /\/load-scribe\.js$/ }, () => ({ path: join(dist, "load-scribe.browser.js") }));
        // A bundle of its own: what both use is little, and a third file would cost more than it.
        build.onResolve({ filter: /\/scribe\.js$/ }, ({ kind, path }) =>
          kind === "dynamic-import" ? { path, external: true } : undefined,
        );
      }
      build.onResolve({ filter: /platform\/detect\.js$/ }, () => ({
        path: join(dist, "platform", `detect.${name}.js`),
      }));
      if (name !== "react-native") return;
      const transport = join(dist, "transport", "otlp-http.react-native.js");
      build.onResolve({ filter: /\/otlp-http\.js$/ }, () => ({ path: transport }));
    },
  };
}

/** CommonJS has no shared chunks: the entries beside the first one require that one. */
const oneCopy = {
  name: "one-copy",
  setup(build) {
    build.onResolve({ filter: /^\.\/index\.js$/ }, () => ({ path: "./index.js", external: true }));
  },
};

const forBrowsers = {
  ...common,
  platform: "browser",
  format: "esm",
  // The syntax of Chromium 90, Firefox 90 and Safari 15.
  target: ["chrome90", "firefox90", "safari15"],
  // Chromium 90 has it; what esbuild avoids is a fault of spread arguments in a chain, and there are none here.
  supported: { "optional-chain": true },
  alias: { "@opentelemetry/resources": join(root, "scripts", "light-resources.mjs") },
  // OTel's SDK uses it, and Chromium 90, Firefox 90 and Safari 15 have none.
  define: { ...common.define, "Object.hasOwn": "Object.prototype.hasOwnProperty.call" },
  plugins: [platformOf("browser")],
};

const outputs = [
  // For production builds: the same names, with nothing behind them.
  {
    ...forBrowsers,
    entryPoints: {
      index: "dist/production.js",
      network: "dist/network.production.js",
      react: "dist/react.production.js",
      nothing: "dist/nothing.js",
    },
    outdir: "dist/production",
    sourcemap: false,
    minify: true,
  },
  // For bundlers: OTel's SDK is taken in, in the part that is used, because Metro takes a package whole and two
  // versions of it in one app do not mix. Its API is not: that is what the app's own code shares with it.
  {
    ...forBrowsers,
    external: ["@opentelemetry/api", "@opentelemetry/exporter-logs-otlp-http"],
    plugins: [platformOf("browser", true)],
    entryPoints: ["index", "auto", "network", "react"].map((entry) => `dist/${entry}.js`),
    splitting: true,
    chunkNames: "chunk-[hash]",
    outdir: "dist/browser",
    minify: true,
  },
  {
    ...forBrowsers,
    external: ["@opentelemetry/api", "@opentelemetry/exporter-logs-otlp-http"],
    entryPoints: ["dist/scribe.js"],
    outdir: "dist/browser",
    minify: true,
  },
  // For `<script type="module">`: everything in one file.
  {
    ...forBrowsers,
    external: ["@opentelemetry/exporter-logs-otlp-http"],
    outfile: "dist/bundle/devmux-telemetry.js",
    minify: true,
  },
  // For Metro, which makes of it what its Hermes takes: no private fields, no dynamic import.
  {
    ...forBrowsers,
    // Class fields become calls with the field's name as text, which mangling would not see.
    target: "es2020",
    // OTel's API too, in the part that is used: the copies of an app share their providers through the global object.
    plugins: [platformOf("react-native")],
    entryPoints: ["index", "auto", "network", "react"].map((entry) => `dist/${entry}.js`),
    splitting: true,
    chunkNames: "chunk-[hash]",
    outdir: "dist/react-native",
    minify: true,
  },
  // For `require`. The protocol is taken in, because it is ESM alone.
  {
    ...common,
    platform: "node",
    format: "cjs",
    target: "node22",
    entryPoints: ["index", "node", "auto", "network", "react"].map((entry) => `dist/${entry}.js`),
    external: ["@opentelemetry/*", "ws"],
    outdir: "dist/cjs",
    plugins: [oneCopy],
  },
];

/** Private names of OTel's classes, which nobody reads but they themselves. */
const privateNames = /^_[a-z]/;

/** The same short name for the same long one in every file: a class may be in one and its user in another. */
const nameCache = {};

/** Terser makes a tenth less of it than esbuild, and gzip likes code best whose functions stay apart. */
async function shrink(file, hasMap, isMangled) {
  // A chunk that is imported for nothing but its side effects has none, as package.json says; bundlers would warn of it.
  const text = readFileSync(file, "utf8").replace(/^import "\.\/chunk-[^"]+";$/gm, "");
  const { code, map } = await minify(text, {
    ecma: 2020,
    module: true,
    compress: {
      passes: 3,
      unsafe_arrows: true,
      unsafe_methods: true,
      keep_fargs: false,
      inline: 1,
      sequences: false,
    },
    nameCache,
    mangle: isMangled && { properties: { regex: privateNames } },
    ...(hasMap && {
      sourceMap: { content: readFileSync(`${file}.map`, "utf8"), url: `${file.split("/").at(-1)}.map` },
    }),
  });
  writeFileSync(file, code);
  if (!hasMap) return;
  writeFileSync(`${file}.map`, ignoreListed(JSON.parse(map)));
}

/** Developer tools step over what a source map lists so, and show the app's line beside a console call. */
function ignoreListed(map) {
  const all = map.sources.map((_, index) => index);
  return JSON.stringify({ ...map, ignoreList: all, x_google_ignoreList: all });
}

/** Types for `require`: the same declarations in a folder that is CommonJS. */
function copyTypes() {
  const cjs = join(dist, "cjs");
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts") || /^(browser|bundle|cjs|production|react-native)[/\\]/.test(file)) continue;
    mkdirSync(dirname(join(cjs, file)), { recursive: true });
    cpSync(join(dist, file), join(cjs, file));
  }
  writeFileSync(join(cjs, "package.json"), '{ "type": "commonjs" }\n');
}

// Chunks of an earlier build have other names.
for (const folder of ["browser", "bundle", "cjs", "production", "react-native"])
  rmSync(join(dist, folder), { recursive: true, force: true });
for (const { minify: isShrunk, ...options } of outputs) {
  const { metafile } = await build({ ...options, metafile: true });
  const files = Object.keys(metafile.outputs).filter((file) => file.endsWith(".js"));
  // One after the other, because of the names they share.
  if (isShrunk)
    for (const file of files) await shrink(join(root, file), options.sourcemap, options.target !== "es2020");
}
copyTypes();
