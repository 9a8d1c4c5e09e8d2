// The probabilistic_sampler processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { type SamplerConfig, samplerConfig } from "./config.ts";
import { createSampler } from "./sampler.ts";

export const probabilisticSamplerProcessorFactory: ProcessorFactory<SamplerConfig> = {
  kind: "processor",
  type: "probabilistic_sampler",
  summary: "lets a share of the records through, those of one trace together",
  signals: ["logs"],
  config: samplerConfig,
  create: createSampler,
};
