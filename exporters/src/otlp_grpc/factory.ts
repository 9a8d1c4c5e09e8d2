// `otlp_grpc` as the collector knows it.

import type { Exporter, ExporterFactory } from "@chriscode/devmux-telemetry-server/component";
import { type OtlpGrpcConfig, otlpGrpcConfig } from "./config.ts";

export const factory: ExporterFactory<OtlpGrpcConfig> = {
  kind: "exporter",
  type: "otlp_grpc",
  // The Collector's older name for it.
  aliases: ["otlp"],
  summary: "OTLP over gRPC to any backend",
  signals: ["logs", "traces", "metrics"],
  config: otlpGrpcConfig,
  // In memory, two calls: one on its way, one to follow. More would not bridge an absence, which is what storage is for, and a
  // sender that is faster than the backend keeps it full: at 64 MiB the collector grew to 270 MB, at 16 to 200
  // (collector/cli/bench/otlp.bench.mjs).
  queue: { whenFull: "block", durable: true, memorySize: "8MiB" },
  create: (settings, config) =>
    loadedAtStart(async () => (await import("./otlp-grpc.ts")).createOtlpGrpcExporter(settings, config)),
};

/** The gRPC library is a sixth of the collector's memory: only a configuration that names this exporter pays for it. */
function loadedAtStart(load: () => Promise<Exporter>): Exporter {
  let exporter: Promise<Exporter> | undefined;
  const loaded = () => {
    exporter ??= load();
    return exporter;
  };
  return {
    start: async (host) => (await loaded()).start?.(host),
    export: async (batch, signal) => (await loaded()).export(batch, signal),
    shutdown: async (signal) => (await exporter)?.shutdown?.(signal),
  };
}
