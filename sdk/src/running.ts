// The running client of this page or process, found by every copy of this package: two bundles, a hot reload, an entry
// that was bundled by itself.

import type { TakeError } from "./capture/uncaught.ts";
import type { Telemetry } from "./telemetry.ts";

export interface Running {
  readonly telemetry: Telemetry;
  /** Its options as text. */
  readonly options: string;
  readonly serverUrl: string;
  /** Reports an error that something else has caught. Never throws. */
  readonly takeError: TakeError;
}

const slot: unique symbol = Symbol.for("@chriscode/devmux-telemetry") as never;

type Globals = { [slot]?: Running | undefined };

export function getRunning(): Running | undefined {
  return (globalThis as Globals)[slot];
}

/** Our own requests, by whatever scheme, are no matter of the app's. */
export function isOwnUrl(url: string): boolean {
  const own = getRunning()?.serverUrl.replace(/^\w+:/, "");
  return own !== undefined && url.replace(/^\w+:/, "").startsWith(own);
}

/** May throw, where the global object is frozen. */
export function setRunning(running: Running | undefined): void {
  (globalThis as Globals)[slot] = running;
}
