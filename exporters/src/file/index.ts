// The `file` exporter.

export type { FileConfig } from "./config.ts";
export { factory } from "./factory.ts";
