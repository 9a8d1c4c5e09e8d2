// The otlp receiver: mounts OTLP/HTTP on its listener.

import type { Host, Outputs, Receiver, Settings } from "../../component/index.ts";
import type { OtlpReceiverConfig } from "./config.ts";
import { mountOtlpHttp } from "./http.ts";

export function createOtlpReceiver(settings: Settings, config: OtlpReceiverConfig, outputs: Outputs): Receiver {
  return {
    async start(host: Host) {
      mountOtlpHttp(host.listener(config.http.address ?? host.address), config.http, outputs, settings);
    },
  };
}
