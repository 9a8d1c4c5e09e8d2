// `otlp_http` as the collector knows it.

import type { ExporterFactory } from "@chriscode/devmux-telemetry-server/component";
import { type OtlpHttpConfig, otlpHttpConfig } from "./config.ts";
import { createOtlpHttpExporter } from "./otlp-http.ts";

export const factory: ExporterFactory<OtlpHttpConfig> = {
  kind: "exporter",
  type: "otlp_http",
  // The Collector's older name for it.
  aliases: ["otlphttp"],
  summary: "OTLP over HTTP to any backend, protobuf or JSON",
  signals: ["logs", "traces", "metrics"],
  config: otlpHttpConfig,
  queue: { whenFull: "block", durable: true },
  create: createOtlpHttpExporter,
};
