// The filter processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { type FilterConfig, filterConfig } from "./config.ts";
import { createFilter } from "./filter.ts";

export const filterProcessorFactory: ProcessorFactory<FilterConfig> = {
  kind: "processor",
  type: "filter",
  summary: "drops the records that a condition matches",
  signals: ["logs"],
  config: filterConfig,
  create: createFilter,
};
