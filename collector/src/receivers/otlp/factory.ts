// The otlp receiver as a component: OTLP from any OpenTelemetry SDK, agent or collector.

import type { ReceiverFactory } from "../../component/index.ts";
import { otlpClaims } from "./claims.ts";
import { type OtlpReceiverConfig, otlpReceiverConfig } from "./config.ts";
import { createOtlpReceiver } from "./receiver.ts";

export const otlpReceiverFactory: ReceiverFactory<OtlpReceiverConfig> = {
  kind: "receiver",
  type: "otlp",
  summary: "OTLP over HTTP (protobuf, JSON) and gRPC",
  signals: ["logs", "traces", "metrics"],
  config: otlpReceiverConfig,
  claims: otlpClaims,
  create: createOtlpReceiver,
};
