// The exporter for apps that set up OTel by themselves: `new LoggerProvider({processors: [createBatchProcessor(
// createDevmuxExporter())]})`, or any other processor in front of it.

import { readOptions } from "./options.ts";
import { detectPlatform } from "./platform/detect.ts";
import type { WebSocketExporter } from "./transport/exporter.ts";
import { createWebSocketExporter } from "./transport/exporter.ts";
import type { BufferLimits } from "./transport/outbox.ts";

export interface DevmuxExporterOptions {
  /** Default: `ws://127.0.0.1:9876`. */
  readonly serverUrl?: string;
  readonly token?: string;
  readonly buffer?: Partial<BufferLimits>;
}

/** Connects with the first record, whose resource it tells the collector. */
export function createDevmuxExporter(options: DevmuxExporterOptions = {}): WebSocketExporter {
  const { serverUrl, token, buffer } = readOptions(options);
  const platform = () => detectPlatform()?.describe() ?? { kind: "node" as const };
  return createWebSocketExporter({ serverUrl, token, buffer, platform });
}
