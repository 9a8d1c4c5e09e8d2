// What an app imports. Importing does nothing by itself.

export type { ConsoleMethod } from "./capture/methods.ts";
export { diagnose } from "./diagnose.ts";
export type { BatchProcessor } from "./logs/processors.ts";
export { createBatchProcessor } from "./logs/processors.ts";
export type { RateLimits } from "./logs/rate.ts";
export type { SeverityName, TelemetryOptions } from "./options.ts";
export type { ReactNativeParts, RejectionTracking } from "./platform/react-native/uncaught.ts";
export type { DevmuxExporterOptions } from "./standalone.ts";
export { createDevmuxExporter } from "./standalone.ts";
export type { Telemetry, TelemetryStatus } from "./telemetry.ts";
export { initTelemetry, shutdownTelemetry } from "./telemetry.ts";
export type { WebSocketExporter } from "./transport/exporter.ts";
export type { BufferLimits } from "./transport/outbox.ts";
export type { ConnectionState, ExporterStatus } from "./transport/status.ts";
export type { ValueLimits } from "./values/limits.ts";
