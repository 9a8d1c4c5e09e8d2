// In React Native: Hermes compiles no dynamic import, and the official exporter is loaded by one. The WebSocket stays.

import type { Sender, SenderOptions } from "./sender.ts";
import { createSender } from "./sender.ts";

export function createOtlpHttpSender(options: SenderOptions): Sender {
  return createSender(options);
}
