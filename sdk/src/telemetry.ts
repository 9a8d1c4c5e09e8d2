// initTelemetry and shutdownTelemetry: one client for each page, whatever calls them how often.

import type { LoggerProvider } from "@opentelemetry/sdk-logs";
import { takeEarly } from "./early.ts";
import { isEnabled } from "./enabled.ts";
import type { TelemetryOptions } from "./options.ts";
import { readOptions } from "./options.ts";
import { startPipeline } from "./pipeline.ts";
import { detectPlatform } from "./platform/detect.ts";
import { getRunning, setRunning } from "./running.ts";
import type { ExporterStatus } from "./transport/status.ts";
import { outside } from "./transport/zone.ts";

export interface Telemetry {
  /** False in production, and where there is nothing to capture. */
  readonly enabled: boolean;
  /** The OTel provider, also the global one of `@opentelemetry/api`; undefined where telemetry is off. */
  readonly provider?: LoggerProvider;
  readonly status: TelemetryStatus;
  /** Resolves when everything so far is acknowledged, cannot be now, or after two seconds. Never rejects. */
  flush(): Promise<void>;
  /** Ends this client. Never rejects; safe twice. */
  shutdown(): Promise<void>;
}

export interface TelemetryStatus extends Partial<ExporterStatus> {
  /** Records that `minSeverity`, `ignore` or `beforeSend` kept back. */
  readonly filtered?: number;
  /** Calls that became a count, because there were too many of them in a second. */
  readonly collapsed?: number;
  /** Options that were wrong, and errors of our own that were kept from the app. */
  readonly problems: readonly string[];
}

/**
 * Starts to capture and stream. Never throws. With a client running already, the same options change nothing, and other
 * options end it and start another.
 */
export function initTelemetry(options?: TelemetryOptions): Telemetry {
  try {
    const text = textOf(options);
    const before = getRunning();
    if (before?.options === text) return before.telemetry;
    void before?.telemetry.shutdown();
    const early = takeEarly();
    const platform = isEnabled(options?.enabled) ? detectPlatform(options?.reactNative) : undefined;
    if (platform === undefined) return inert();
    const read = readOptions(options);
    const settings = { ...read, serverUrl: platform.serverUrl?.(read.serverUrl) ?? read.serverUrl };
    const end = (): void => {
      if (getRunning() === running) setRunning(undefined);
    };
    const pipeline = outside(() => startPipeline(settings, options, platform, early, end));
    const running = { ...pipeline, options: text, serverUrl: settings.serverUrl };
    setRunning(running);
    return running.telemetry;
  } catch (error) {
    // Hostile options (accessors that throw), a frozen global: the app goes on without telemetry.
    return inert(String(error));
  }
}

/** Ends the running client, whoever started it. Never rejects; without one it does nothing. */
export function shutdownTelemetry(): Promise<void> {
  return getRunning()?.telemetry.shutdown() ?? Promise.resolve();
}

function inert(...problems: string[]): Telemetry {
  const done = (): Promise<void> => Promise.resolve();
  return { enabled: false, status: { problems }, flush: done, shutdown: done };
}

/** The same for options that a hot reload makes again: functions count by their source. */
function textOf(options: unknown): string {
  return (
    JSON.stringify(options, (key, value: unknown) => {
      if (key === "reactNative") return undefined;
      return typeof value === "function" ? String(value) : value;
    }) ?? ""
  );
}
