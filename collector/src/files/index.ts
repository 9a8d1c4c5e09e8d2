// What the program keeps beside its records, for those who run the collector; `@chriscode/devmux-telemetry-server/files`.

export type { FileLock } from "./lock.ts";
export { lockFile } from "./lock.ts";
export type { PrivateJson } from "./private-json.ts";
export { readPrivateJson, writePrivateJson } from "./private-json.ts";
