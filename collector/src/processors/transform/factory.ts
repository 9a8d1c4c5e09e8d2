// The transform processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { type TransformConfig, transformConfig } from "./config.ts";
import { createTransform } from "./transform.ts";

export const transformProcessorFactory: ProcessorFactory<TransformConfig> = {
  kind: "processor",
  type: "transform",
  summary: "changes records and resources by statements: set, delete, replace, truncate, parse JSON",
  signals: ["logs"],
  config: transformConfig,
  create: createTransform,
};
