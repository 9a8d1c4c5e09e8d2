// The dedup processor as a component.

import type { ProcessorFactory } from "../../component/index.ts";
import { type DedupConfig, dedupConfig } from "./config.ts";
import { createDedup } from "./dedup.ts";

export const dedupProcessorFactory: ProcessorFactory<DedupConfig> = {
  kind: "processor",
  type: "dedup",
  aliases: ["logdedup"],
  summary: "passes the first of equal records at once, and tells how often it repeated",
  signals: ["logs"],
  config: dedupConfig,
  create: createDedup,
};
