// The batch processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { createBatch } from "./batch.ts";
import { type BatchConfig, batchConfig } from "./config.ts";

export const batchProcessorFactory: ProcessorFactory<BatchConfig> = {
  kind: "processor",
  type: "batch",
  summary: "joins small batches to larger ones, and splits those that are too large",
  signals: ["logs", "traces", "metrics"],
  config: batchConfig,
  metrics: [
    {
      name: "otelcol_processor_batch_batch_size_trigger_send",
      description: "batches that went on because they were large enough",
      unit: "{times}",
      counter: "size_trigger_send",
    },
    {
      name: "otelcol_processor_batch_timeout_trigger_send",
      description: "batches that went on because their time was up",
      unit: "{times}",
      counter: "timeout_trigger_send",
    },
    {
      name: "otelcol_processor_batch_batch_send_size",
      description: "items of a batch that went on",
      unit: "{units}",
      histogram: "batch_send_size",
      // The Collector's own.
      boundaries: [
        10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000,
      ],
    },
    {
      name: "otelcol_processor_batch_batch_send_size_bytes",
      description: "bytes of OTLP of a batch that went on",
      unit: "By",
      histogram: "batch_send_size_bytes",
      boundaries: [10, 100, 1_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000],
    },
  ],
  create: createBatch,
};
