// The plugin: telemetry in every page of the dev server, none in a production build.

import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { addPlaces, mayLog, type SourcePlaces, sourcePlaces } from "./locations.ts";
import { collectorUrlOf, type DevmuxViteOptions } from "./options.ts";
import { createRelay } from "./relay.ts";
import { packageName, replacementOf, withoutArguments } from "./removal.ts";
import type { RuntimeOptions } from "./runtime.ts";

/** The module that starts telemetry in a page. */
const startModule = "virtual:devmux-telemetry";
const resolvedStart = `\0${startModule}`;
/** Whatever the framework, a page of the dev server loads this before its own modules, and each module with HMR imports it. */
const viteClient = /\/vite\/dist\/client\/client\.mjs$/;

/**
 * What Vite prepares at its start; a dependency that it finds late reloads the page. A client that is linked changes under
 * its name and is not for the cache, but what it needs is.
 */
const linked = ["api", "exporter-logs-otlp-http"].map((name) => `${packageName} > @opentelemetry/${name}`);

const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url)).replaceAll("\\", "/");

export function devmuxTelemetry(options: DevmuxViteOptions = {}): Plugin[] {
  const isRelayed = options.relay !== false;
  return [
    injection(options, isRelayed),
    ...(options.locations === false ? [] : locations()),
    ...(isRelayed ? [relay(options)] : []),
    removal(),
  ];
}

function injection(options: DevmuxViteOptions, isRelayed: boolean): Plugin {
  let base = "/";
  let root = "";
  let hasServer = true;
  const modules: { [specifier: string]: string } = {
    "devmux:runtime": beside("./runtime.js"),
  };
  return {
    name: "devmux-telemetry:inject",
    apply: "serve",
    config: () => ({ optimizeDeps: { include: import.meta.url.includes("/node_modules/") ? [packageName] : linked } }),
    configResolved(config) {
      ({ base, root } = config);
      // Where the app's own server has only Vite's middleware, it may also lend its server.
      hasServer = config.server.middlewareMode !== true;
      // Throws at the start, not in a page.
      collectorUrlOf(options, root);
    },
    async resolveId(source, importer) {
      if (source === startModule) return resolvedStart;
      if (importer !== resolvedStart) return null;
      if (source in modules) return modules[source];
      // As the app would import it; an app that has it from its workspace's root gets the one beside this file.
      if (source === packageName) return (await this.resolve(source)) ?? beside("../browser/index.js");
      return null;
    },
    load(id) {
      if (id !== resolvedStart) return null;
      const given: Omit<RuntimeOptions, "moduleUrl"> = {
        telemetry: options.telemetry ?? {},
        collectorUrl: collectorUrlOf(options, root).href,
        ...(isRelayed && hasServer && { relayPath: relayPathOf(base) }),
      };
      return `import { initTelemetry } from "${packageName}";
import { start } from "devmux:runtime";
start(initTelemetry, { ...${JSON.stringify(given)}, moduleUrl: import.meta.url });
`;
    },
    transform: {
      order: "pre",
      handler(code, id) {
        if (!viteClient.test(fileOf(id)) || this.environment.config.consumer !== "client") return null;
        return { code: `${code}\nimport ${JSON.stringify(startModule)};\n`, map: null };
      },
    },
  };
}

/**
 * Twice: after every plugin that makes JavaScript of something else, while the source map is exact; and after Vite's own
 * last one, which moves what stands on the lines of imports, when the places are those that the browser sees.
 */
function locations(): Plugin[] {
  const sources = new Map<string, SourcePlaces>();
  // Not what others have built, nor this client where it is linked. A worker's script may be a classic one, which has no
  // `import.meta`.
  const own = beside("..");
  const isApps = (id: string): boolean =>
    !/\/node_modules\/|^\0|^virtual:|[?&](worker|sharedworker|raw|url)/.test(id) && !id.startsWith(own);
  return [
    {
      name: "devmux-telemetry:sources",
      apply: "serve",
      enforce: "post",
      transform(code, id) {
        if (this.environment.config.consumer !== "client" || !isApps(id)) return null;
        sources.delete(id);
        if (!mayLog(code)) return null;
        const found = sourcePlaces(code, this.parse(code), this.getCombinedSourcemap(), fileOf(id));
        if (found !== undefined) sources.set(id, found);
        return null;
      },
    },
    {
      name: "devmux-telemetry:places",
      apply: "serve",
      enforce: "post",
      transform: {
        order: "post",
        handler(code, id) {
          const found = this.environment.config.consumer === "client" ? sources.get(id) : undefined;
          return (found && addPlaces(code, this.parse(code), found)) ?? null;
        },
      },
    },
  ];
}

function relay(options: DevmuxViteOptions): Plugin {
  return {
    name: "devmux-telemetry:relay",
    apply: "serve",
    configureServer({ config, middlewares, httpServer }) {
      const { middlewareMode, allowedHosts, https } = config.server;
      // A certificate says as much as a list of names; Vite asks no more of its own requests.
      const rules = { allowedHosts: https ? (true as const) : allowedHosts };
      const made = createRelay(relayPathOf(config.base), collectorUrlOf(options, config.root), rules);
      const server = httpServer ?? (typeof middlewareMode === "object" ? middlewareMode.server : undefined);
      middlewares.use((request, response, next) => {
        if (!made.handleRequest(request, response)) next();
      });
      server?.on("upgrade", (request, socket, head) => made.handleUpgrade(request, socket, head));
      server?.on("close", () => made.close());
    },
  };
}

function removal(): Plugin {
  let isProduction = false;
  return {
    name: "devmux-telemetry:remove",
    apply: "build",
    enforce: "pre",
    configResolved(config) {
      ({ isProduction } = config);
    },
    resolveId(source) {
      const replacement = isProduction ? replacementOf(source) : undefined;
      // Whatever a bundler would run of it, nothing depends on it.
      return replacement === undefined
        ? null
        : { id: beside(`../production/${replacement}`), moduleSideEffects: false };
    },
    transform: {
      order: "post",
      handler(code) {
        return isProduction && code.includes(packageName) ? withoutArguments(code, this.parse(code)) : null;
      },
    },
  };
}

function relayPathOf(base: string): string {
  // A base may be a whole URL.
  return `${new URL(base, "http://localhost").pathname.replace(/\/$/, "")}/__devmux`;
}

function fileOf(id: string): string {
  return id.replace(/[?#].*$/, "").replaceAll("\\", "/");
}
