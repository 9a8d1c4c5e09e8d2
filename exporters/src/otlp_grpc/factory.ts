// `otlp_grpc` as the collector knows it.

import type { ExporterFactory } from "@chriscode/devmux-telemetry-server/component";
import { type OtlpGrpcConfig, otlpGrpcConfig } from "./config.ts";
import { createOtlpGrpcExporter } from "./otlp-grpc.ts";

export const factory: ExporterFactory<OtlpGrpcConfig> = {
  kind: "exporter",
  type: "otlp_grpc",
  // The Collector's older name for it.
  aliases: ["otlp"],
  summary: "OTLP over gRPC to any backend",
  signals: ["logs", "traces", "metrics"],
  config: otlpGrpcConfig,
  queue: { whenFull: "block" },
  create: createOtlpGrpcExporter,
};
