// Telemetry is for development. Whether this is development is not always said; where it is not, it is off.

// Read from here and not from globalThis, because bundlers replace exactly this expression.
declare const process: { env: { NODE_ENV?: string } };

/**
 * What `enabled` says; where it says nothing, true in development. React Native and Metro define `__DEV__`. Bundlers (Vite,
 * webpack, Rollup with its plugin, esbuild, Parcel) put a text in the place of `process.env.NODE_ENV`, in production
 * builds "production". Without either, a page is in development if it comes from this machine, and what is no page
 * (Node, Bun) if nothing says "production".
 */
export function isEnabled(enabled: unknown): boolean {
  if (typeof enabled === "boolean") return enabled;
  const metro = (globalThis as { __DEV__?: unknown }).__DEV__;
  if (typeof metro === "boolean") return metro;
  try {
    const mode = process.env.NODE_ENV;
    if (mode) return mode !== "production";
  } catch {
    // A page without a bundler has no `process`.
  }
  if (typeof location === "undefined") return typeof process === "object";
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);
}
