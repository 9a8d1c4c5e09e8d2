// The devmux receiver as a component: the WebSocket protocol of PROTOCOL.md on the collector's own port.

import type { ReceiverFactory } from "../../component/index.ts";
import { type DevmuxReceiverConfig, devmuxReceiverConfig } from "./config.ts";
import { createDevmuxReceiver } from "./receiver.ts";

export const devmuxReceiverFactory: ReceiverFactory<DevmuxReceiverConfig> = {
  kind: "receiver",
  type: "devmux",
  summary: "the devmux WebSocket protocol, version 1 (hello, log, export, goodbye)",
  signals: ["logs"],
  config: devmuxReceiverConfig,
  claims: ({ path }, own) => [{ option: "path", address: own, routes: [path] }],
  create: (settings, config, outputs) => createDevmuxReceiver(settings, config, outputs.logs),
};
