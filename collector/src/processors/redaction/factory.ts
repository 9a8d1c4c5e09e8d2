// The redaction processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { type RedactionConfig, redactionConfig } from "./config.ts";
import { createRedaction } from "./redaction.ts";

export const redactionProcessorFactory: ProcessorFactory<RedactionConfig> = {
  kind: "processor",
  type: "redaction",
  summary: "replaces keys, tokens, passwords and other secrets, in every text of a batch",
  signals: ["logs", "traces", "metrics"],
  config: redactionConfig,
  create: createRedaction,
};
