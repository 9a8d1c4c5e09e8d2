// What others need to read a configuration of their own in the same words; `@chriscode/devmux-telemetry-server/config`.

export { ExpressionError } from "../expression/errors.ts";
export { compilePattern, type Pattern } from "../expression/pattern.ts";
export { maskSecrets, redacted, secretsOf, withDefaults } from "./effective.ts";
export { type Substituted, substituteEnvironment } from "./environment.ts";
export { collectorJsonSchema, componentJsonSchema, type JsonSchema } from "./json-schema.ts";
export { nearest, suggestion } from "./nearest.ts";
export { ConfigError, joinPath, type Problem } from "./problems.ts";
export { type Parsed, parseWith, type Texts } from "./schema.ts";
