// The attributes processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { createAttributes } from "./attributes.ts";
import { type AttributesConfig, attributesConfig } from "./config.ts";

export const attributesProcessorFactory: ProcessorFactory<AttributesConfig> = {
  kind: "processor",
  type: "attributes",
  summary: "sets, removes, hashes and converts attributes of records",
  signals: ["logs"],
  config: attributesConfig,
  create: createAttributes,
};
