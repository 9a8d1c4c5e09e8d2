// `queue` as the collector knows it.

import type { ExporterFactory } from "@chriscode/devmux-telemetry-server/component";
import { type QueueConfig, queueConfig } from "./config.ts";
import { createQueueExporter } from "./queue.ts";

export const factory: ExporterFactory<QueueConfig> = {
  kind: "exporter",
  type: "queue",
  summary: "a line of queue.jsonl for each record, for people and coding agents to work off",
  signals: ["logs"],
  config: queueConfig,
  queue: {
    // An error that someone is to mend must not be lost.
    whenFull: "block",
    // The write takes microseconds; a client that waits for it sends what a crash has cut off again.
    waitForResult: true,
    // A directory that can be written again, or a disk with room again, is used within 5 s.
    initialIntervalMs: 500,
    maxIntervalMs: 3_000,
  },
  create: (settings, config) => createQueueExporter(settings, config),
};
