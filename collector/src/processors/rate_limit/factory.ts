// The rate_limit processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { type RateLimitConfig, rateLimitConfig } from "./config.ts";
import { createRateLimit } from "./rate-limit.ts";

export const rateLimitProcessorFactory: ProcessorFactory<RateLimitConfig> = {
  kind: "processor",
  type: "rate_limit",
  summary: "limits the records of each stream, and tells it what it lost",
  signals: ["logs"],
  config: rateLimitConfig,
  create: createRateLimit,
};
