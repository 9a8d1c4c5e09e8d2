// The pane receiver as a component: the output of watched tmux panes as log records.

import type { ReceiverFactory } from "../../component/index.ts";
import { type PaneReceiverConfig, paneReceiverConfig } from "./config.ts";
import { createPaneReceiver } from "./receiver.ts";

export const paneReceiverFactory: ReceiverFactory<PaneReceiverConfig> = {
  kind: "receiver",
  type: "pane",
  summary: "what the services in watched tmux panes print, with their stack traces",
  signals: ["logs"],
  config: paneReceiverConfig,
  create: (settings, config, outputs) => createPaneReceiver(settings, config, outputs.logs),
};
