// `file` as the collector knows it.

import type { ExporterFactory } from "@chriscode/devmux-telemetry-server/component";
import { type FileConfig, fileConfig } from "./config.ts";
import { createFileExporter } from "./file.ts";

export const factory: ExporterFactory<FileConfig> = {
  kind: "exporter",
  type: "file",
  summary: "batches as lines of OTLP/JSON in a file, rotated and compressed",
  signals: ["logs", "traces", "metrics"],
  config: fileConfig,
  queue: {
    // A recording with holes is none.
    whenFull: "block",
    // The write takes microseconds; a client that waits for it sends what a crash has cut off again.
    waitForResult: true,
    // A disk with room again is used within 5 s.
    initialIntervalMs: 500,
    maxIntervalMs: 3_000,
  },
  create: (settings, config) => createFileExporter(settings, config),
};
