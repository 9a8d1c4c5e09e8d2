// The `debug` exporter.

export type { DebugConfig } from "./config.ts";
export { factory } from "./factory.ts";
