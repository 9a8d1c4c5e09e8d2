// The forward connector as a component.

import type { ConnectorFactory } from "../../component/index.ts";
import { type ForwardConfig, forwardConfig } from "./config.ts";
import { createForward } from "./forward.ts";

export const forwardConnectorFactory: ConnectorFactory<ForwardConfig> = {
  kind: "connector",
  type: "forward",
  summary: "hands batches from one pipeline to others of the same signal",
  signals: ["logs", "traces", "metrics"],
  config: forwardConfig,
  create: (_settings, _config, outputs) => createForward(outputs),
};
