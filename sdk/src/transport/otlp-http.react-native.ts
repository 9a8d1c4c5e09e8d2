// In React Native: Hermes compiles no dynamic import, and the official exporter is loaded by one. The WebSocket stays.

import type { WebSocketExporter, WebSocketExporterOptions } from "./exporter.ts";
import { createWebSocketExporter } from "./exporter.ts";

export function createOtlpHttpExporter(options: WebSocketExporterOptions): WebSocketExporter {
  return createWebSocketExporter(options);
}
