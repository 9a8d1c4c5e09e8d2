// What others need to read a configuration of their own in the same words; `@chriscode/devmux-telemetry-server/config`.

export { substituteEnvironment } from "./environment.ts";
export { nearest, suggestion } from "./nearest.ts";
export { ConfigError, joinPath, type Problem } from "./problems.ts";
export { type Parsed, parseWith } from "./schema.ts";
