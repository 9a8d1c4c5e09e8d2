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
  create: createBatch,
};
