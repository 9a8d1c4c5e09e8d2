// An app as React Native builds it: Metro with React Native's Babel preset and polyfills, hermesc, the Hermes VM.

import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import Metro from "metro";

const here = fileURLToPath(new URL(".", import.meta.url));
const require = createRequire(import.meta.url);
const platform = { linux: "linux64-bin", darwin: "osx-bin", win32: "win64-bin" }[process.platform as "linux"];

/** Old: the VM's own. New: what React Native 0.88 compiles with; there is no VM of it outside of a device. */
export const compilers = {
  old: join(dirname(require.resolve("hermes-engine-cli/package.json")), platform, "hermesc"),
  new: join(dirname(require.resolve("hermes-compiler/package.json")), "hermesc", platform, "hermesc"),
} as const;
const vm: string = join(dirname(compilers.old), "hermes");

export interface App extends Disposable {
  /** The bundle's file. */
  readonly bundle: string;
  readonly code: string;
  /** Bytes of its bytecode, compiled as React Native's release builds do. */
  compile(compiler: keyof typeof compilers): number;
  /** What it prints, line by line. */
  run(): Promise<readonly string[]>;
}

export interface AppOptions {
  readonly dev: boolean;
  /** React Native's console and ErrorUtils. */
  readonly polyfills?: boolean;
  readonly minify?: boolean;
}

/** Metro reads only what it watches, under its real name. */
function folderOf(name: string): string {
  return realpathSync(join(here, "node_modules", name));
}

/** A project with the client and OTel's API as a package manager lays them out, and `code` as its only module. */
export async function buildApp(code: string, { dev, polyfills = true, minify = false }: AppOptions): Promise<App> {
  const root = realpathSync(mkdtempSync(join(here, "node_modules", ".app-")));
  for (const name of ["@opentelemetry/api", "@babel/runtime", "metro-runtime"])
    cpSync(folderOf(name), join(root, "node_modules", name), { recursive: true });
  const sdk = join(here, "../..");
  const target = join(root, "node_modules/@chriscode/devmux-telemetry");
  mkdirSync(target, { recursive: true });
  cpSync(join(sdk, "package.json"), join(target, "package.json"));
  cpSync(join(sdk, "dist"), join(target, "dist"), { recursive: true });
  writeFileSync(join(root, "package.json"), '{ "name": "app", "private": true }');
  writeFileSync(join(root, "index.js"), code);
  writeFileSync(join(root, "environment.js"), readFileSync(join(here, "environment.js")));
  const bundle = join(root, "main.bundle.js");
  const config = await Metro.loadConfig({ cwd: root, config: undefined, resetCache: true }, {
    projectRoot: root,
    watchFolders: [root, ...["metro-runtime", "@react-native/js-polyfills"].map(folderOf)],
    cacheStores: [],
    maxWorkers: 1,
    reporter: { update() {} },
    resolver: { unstable_conditionNames: ["react-native"], useWatchman: false, nodeModulesPaths: [] },
    transformer: {
      babelTransformerPath: require.resolve("@react-native/metro-babel-transformer"),
      allowOptionalDependencies: true,
      hermesParser: true,
    },
    serializer: {
      getPolyfills: () => [
        join(root, "environment.js"),
        ...(polyfills ? (require("@react-native/js-polyfills") as () => string[])() : []),
      ],
      getRunModuleStatement: (id: number | string) => `__r(${JSON.stringify(id)});`,
    },
  } as never);
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  try {
    await Metro.runBuild(config, { entry: "index.js", platform: "ios", dev, minify, out: bundle.replace(/\.js$/, "") });
  } catch (error) {
    remove();
    throw error;
  }
  return {
    bundle,
    code: readFileSync(bundle, "utf8"),
    compile(compiler) {
      const out = join(root, `${compiler}.hbc`);
      execFileSync(compilers[compiler], ["-O", "-output-source-map", "-w", "-emit-binary", "-out", out, bundle]);
      return statSync(out).size;
    },
    async run() {
      const { stdout } = await promisify(execFile)(vm, ["-w", "-Xes6-promise", "-Xmicrotask-queue", bundle], {
        maxBuffer: 64 << 20,
      });
      return stdout.split("\n").filter((line) => line !== "");
    },
    [Symbol.dispose]: remove,
  };
}
