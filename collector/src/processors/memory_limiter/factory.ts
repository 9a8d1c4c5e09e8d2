// The memory_limiter processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { type MemoryLimiterConfig, memoryLimiterConfig } from "./config.ts";
import { createMemoryLimiter } from "./memory-limiter.ts";

export const memoryLimiterProcessorFactory: ProcessorFactory<MemoryLimiterConfig> = {
  kind: "processor",
  type: "memory_limiter",
  summary: "turns batches back while memory is short",
  signals: ["logs", "traces", "metrics"],
  config: memoryLimiterConfig,
  create: (settings, config, next) => createMemoryLimiter(settings, config, next),
};
