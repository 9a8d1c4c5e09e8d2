// The processors of this package, for the list of components.

import type { ProcessorFactory } from "../component/index.ts";
import { attributesProcessorFactory } from "./attributes/factory.ts";
import { batchProcessorFactory } from "./batch/factory.ts";
import { dedupProcessorFactory } from "./dedup/factory.ts";
import { filterProcessorFactory } from "./filter/factory.ts";
import { memoryLimiterProcessorFactory } from "./memory_limiter/factory.ts";
import { probabilisticSamplerProcessorFactory } from "./probabilistic_sampler/factory.ts";
import { rateLimitProcessorFactory } from "./rate_limit/factory.ts";
import { redactionProcessorFactory } from "./redaction/factory.ts";
import { resourceProcessorFactory } from "./resource/factory.ts";
import { transformProcessorFactory } from "./transform/factory.ts";

export const processorFactories: readonly ProcessorFactory[] = [
  memoryLimiterProcessorFactory,
  batchProcessorFactory,
  filterProcessorFactory,
  attributesProcessorFactory,
  resourceProcessorFactory,
  transformProcessorFactory,
  redactionProcessorFactory,
  dedupProcessorFactory,
  probabilisticSamplerProcessorFactory,
  rateLimitProcessorFactory,
];
