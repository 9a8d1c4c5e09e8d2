// Telemetry is for development. Whether this is development is not always said; where it is not, it is off.

/** True where `enabled` says so, or where it says nothing and this is clearly a development build or a local page. */
export function isEnabled(enabled: unknown): boolean {
  if (typeof enabled === "boolean") return enabled;
  return isDevelopment();
}

/**
 * React Native and Metro define `__DEV__`. Bundlers (Vite, webpack, Rollup with its plugin, esbuild, Parcel) put a text
 * in the place of `process.env.NODE_ENV`, in production builds "production". Without either, a page is in development
 * if it comes from this machine, and anything that is no page (Node, Bun) if nothing says "production".
 */
function isDevelopment(): boolean {
  const metro = (globalThis as { __DEV__?: unknown }).__DEV__;
  if (typeof metro === "boolean") return metro;
  const mode = nodeEnv();
  if (mode !== undefined) return mode !== "production";
  if (typeof location !== "undefined") return isLocalPage(location.hostname);
  return typeof process === "object";
}

// Read from here and not from globalThis, because bundlers replace exactly this expression.
declare const process: { env: { NODE_ENV?: string } };

function nodeEnv(): string | undefined {
  try {
    return process.env.NODE_ENV || undefined;
  } catch {
    // A page without a bundler has no `process`.
    return undefined;
  }
}

function isLocalPage(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
