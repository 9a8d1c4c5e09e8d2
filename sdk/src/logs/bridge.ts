// Libraries that still log through @opentelemetry/api-logs (before OTel JS 3) have another global than @opentelemetry/api.

import type { LoggerProvider } from "@opentelemetry/sdk-logs";

const slot: unique symbol = Symbol.for("io.opentelemetry.js.api.logs") as never;

type Globals = { [slot]?: unknown };

/** Puts the provider there as well, where nobody else has; the function it returns takes it away. */
export function bridgeOldApi(provider: LoggerProvider): () => void {
  const globals = globalThis as Globals;
  if (globals[slot] !== undefined) return () => {};
  // The old API asks for its version of the interface, of which there is only this one.
  const getter = (): LoggerProvider => provider;
  globals[slot] = getter;
  return () => {
    if (globals[slot] === getter) delete globals[slot];
  };
}
