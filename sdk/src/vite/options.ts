// What an app can say to the plugin.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TelemetryOptions } from "../options.ts";

export interface DevmuxViteOptions {
  /**
   * Where the collector listens. Default: `telemetry.host` and `telemetry.port` of the nearest devmux.config.json from the
   * project's root upwards, else `ws://127.0.0.1:9876`.
   */
  readonly collectorUrl?: string;
  /** Passed on to `initTelemetry`. What is no JSON (processors) an app gives to an `initTelemetry` of its own. */
  readonly telemetry?: Omit<TelemetryOptions, "serverUrl" | "enabled" | "processors">;
  /**
   * Default true: pages send to their own origin, and the dev server passes it on. `false`: pages connect to the collector
   * itself.
   */
  readonly relay?: boolean;
  /** Default true: console calls know the file, line and column of the source. */
  readonly locations?: boolean;
}

const defaultPort = 9876;
/** A config file is found a few levels up or not at all. */
const maxLevels = 32;

/** The collector's URL, as an URL of `ws:` or `wss:`. Throws where `collectorUrl` is none. */
export function collectorUrlOf(options: DevmuxViteOptions, root: string): URL {
  const given = options.collectorUrl ?? configuredUrl(root) ?? `ws://127.0.0.1:${defaultPort}`;
  const text = /^\w+:\/\//.test(given) ? given.replace(/^http/, "ws") : `ws://${given}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^wss?:$/.test(url.protocol))
    throw new Error(
      `devmuxTelemetry: collectorUrl: expected an address such as "ws://127.0.0.1:${defaultPort}", got ${JSON.stringify(given)}`,
    );
  return url;
}

/** Undefined where no file says; a file that cannot be read is the collector's to complain about. */
function configuredUrl(root: string): string | undefined {
  let folder = root;
  for (let level = 0; level < maxLevels; level++, folder = dirname(folder)) {
    try {
      const config = JSON.parse(readFileSync(join(folder, "devmux.config.json"), "utf8")) as {
        telemetry?: { host?: unknown; port?: unknown };
      };
      const { host, port } = config.telemetry ?? {};
      // An address that means "all interfaces" is no address to connect to.
      const name = typeof host === "string" && /^[\w.-]+$/.test(host) && host !== "0.0.0.0" ? host : "127.0.0.1";
      return `ws://${name}:${typeof port === "number" ? port : defaultPort}`;
    } catch {
      if (dirname(folder) === folder) return undefined;
    }
  }
  return undefined;
}
