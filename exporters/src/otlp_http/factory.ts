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
  // In memory, two calls: one on its way, one to follow. More would not bridge an absence, which is what storage is for, and a
  // sender that is faster than the backend keeps it full: at 64 MiB the collector grew to 270 MB, at 16 to 200
  // (collector/cli/bench/otlp.bench.mjs).
  queue: { whenFull: "block", durable: true, memorySize: "8MiB" },
  create: createOtlpHttpExporter,
};
