// What runs in the page: starts telemetry with the relay's address, and gives console calls their places in the source.

import type { TelemetryOptions } from "../options.ts";
import type { Frame } from "../values/stack.ts";

/** Of one module: its source file, then five numbers for each call: line, from, to, line and column in the source. */
export type Places = readonly [file: string, ...numbers: number[]];

declare global {
  /** By the URL of the module, as it stands in a stack; each module adds its own (locations.ts). */
  var __devmuxPlaces: Map<string, Places> | undefined;
}

export interface RuntimeOptions {
  readonly telemetry: TelemetryOptions;
  /** The collector's own address, for pages that have no relay. */
  readonly collectorUrl: string;
  /** The relay's path on the dev server; absent without one. */
  readonly relayPath?: string | undefined;
  /** The URL of a module of the dev server. */
  readonly moduleUrl: string;
}

export function start(initTelemetry: (options: TelemetryOptions) => unknown, options: RuntimeOptions): void {
  globalThis.__devmuxPlace = placeOf;
  initTelemetry({ ...options.telemetry, serverUrl: serverUrlOf(options), enabled: true });
}

/**
 * The relay takes pages of its own origin alone. A page that another server made (a backend that uses Vite for its modules
 * only) goes to the collector itself.
 */
function serverUrlOf({ collectorUrl, relayPath, moduleUrl }: RuntimeOptions): string {
  const url = new URL(moduleUrl);
  if (relayPath === undefined || url.origin !== location.origin) return collectorUrl;
  return `${url.origin.replace(/^http/, "ws")}${relayPath}`;
}

/** Where in the source a call is whose place in the module is this; 1-based as in a stack. */
function placeOf(file: string, line: number, column: number): Omit<Frame, "function"> | undefined {
  const places = globalThis.__devmuxPlaces?.get(file);
  if (places === undefined) return undefined;
  const [source, ...numbers] = places;
  for (let i = 0; i < numbers.length; i += 5) {
    const [inLine, from = 0, to = 0, sourceLine = 0, sourceColumn = 0] = numbers.slice(i, i + 5);
    if (inLine === line && from <= column && column <= to)
      return { file: source, line: sourceLine, column: sourceColumn };
  }
  return undefined;
}
