// The `otlp_grpc` exporter.

export type { OtlpGrpcConfig } from "./config.ts";
export { factory } from "./factory.ts";
