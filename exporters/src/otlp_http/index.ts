// The `otlp_http` exporter.

export type { OtlpHttpConfig } from "./config.ts";
export { factory } from "./factory.ts";
