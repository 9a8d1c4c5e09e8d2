// The count connector as a component.

import type { ConnectorFactory } from "../../component/index.ts";
import { type CountConfig, countConfig } from "./config.ts";
import { createCount } from "./count.ts";

export const countConnectorFactory: ConnectorFactory<CountConfig> = {
  kind: "connector",
  type: "count",
  summary: "counts what passes, and gives the counts as metrics",
  signals: ["logs", "traces", "metrics"],
  config: countConfig,
  feeds: () => ["metrics"],
  create: createCount,
};
