// `debug` as the collector knows it.

import type { ExporterFactory } from "@chriscode/devmux-telemetry-server/component";
import { type DebugConfig, debugConfig } from "./config.ts";
import { createDebugExporter } from "./debug.ts";

export const factory: ExporterFactory<DebugConfig> = {
  kind: "exporter",
  type: "debug",
  summary: "records to the terminal",
  signals: ["logs", "traces", "metrics"],
  config: debugConfig,
  queue: { whenFull: "drop_oldest" },
  create: (settings, config) => createDebugExporter(settings, config),
};
