// The resource processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { type ResourceConfig, resourceConfig } from "./config.ts";
import { createResource } from "./resource.ts";

export const resourceProcessorFactory: ProcessorFactory<ResourceConfig> = {
  kind: "processor",
  type: "resource",
  summary: "sets, removes, hashes and converts attributes of resources",
  signals: ["logs", "traces", "metrics"],
  config: resourceConfig,
  create: createResource,
};
