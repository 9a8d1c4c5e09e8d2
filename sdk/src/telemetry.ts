// initTelemetry and shutdownTelemetry: one client for each page, whatever calls them how often.

import type { LoggerProvider } from "@opentelemetry/sdk-logs";
import { isEnabled } from "./enabled.ts";
import type { TelemetryOptions } from "./options.ts";
import { readOptions } from "./options.ts";
import type { Pipeline } from "./pipeline.ts";
import { startPipeline } from "./pipeline.ts";
import { detectPlatform } from "./platform/detect.ts";
import type { ExporterStatus } from "./transport/exporter.ts";

export interface Telemetry {
  /** False in production, and where there is nothing to capture. */
  readonly enabled: boolean;
  /** The OTel provider, also the global one of `@opentelemetry/api`; undefined where telemetry is off. */
  readonly provider: LoggerProvider | undefined;
  readonly status: TelemetryStatus;
  /** Resolves when everything so far is acknowledged, cannot be now, or after two seconds. Never rejects. */
  flush(): Promise<void>;
  /** Ends this client. Never rejects; safe twice. */
  shutdown(): Promise<void>;
}

export interface TelemetryStatus extends Partial<ExporterStatus> {
  /** Options that were wrong, and errors of our own that were kept from the app. */
  readonly problems: readonly string[];
}

/** The running client of this page, shared by every copy of this module: two bundles, a hot reload. */
interface Slot {
  telemetry: Telemetry;
  options: TelemetryOptions | undefined;
}

const slotKey: unique symbol = Symbol.for("@chriscode/devmux-telemetry") as never;

type Globals = { [slotKey]?: Slot | undefined };

/**
 * Starts to capture and stream. Never throws. With a client running already, the same options change nothing, and other
 * options end it and start another.
 */
export function initTelemetry(options?: TelemetryOptions): Telemetry {
  try {
    const globals = globalThis as Globals;
    const running = globals[slotKey];
    if (running !== undefined) {
      if (isSame(running.options, options)) return running.telemetry;
      void running.telemetry.shutdown();
    }
    const platform = isEnabled(options?.enabled) ? detectPlatform() : undefined;
    if (platform === undefined) return inert([]);
    const settings = readOptions(options);
    const telemetry = handleOf(startPipeline(settings, platform), settings.problems, () => {
      if (globals[slotKey]?.telemetry === telemetry) globals[slotKey] = undefined;
    });
    globals[slotKey] = { telemetry, options };
    return telemetry;
  } catch (error) {
    // Hostile options (accessors that throw), a frozen global: the app goes on without telemetry.
    return inert([String((error as { message?: unknown } | null)?.message)]);
  }
}

/** Ends the running client, whoever started it. Never rejects; without one it does nothing. */
export async function shutdownTelemetry(): Promise<void> {
  await (globalThis as Globals)[slotKey]?.telemetry.shutdown();
}

function handleOf(pipeline: Pipeline, problems: readonly string[], onShutdown: () => void): Telemetry {
  return {
    enabled: true,
    provider: pipeline.provider,
    get status() {
      return { ...pipeline.status, problems: [...problems, ...pipeline.failures] };
    },
    flush: () => pipeline.flush(),
    shutdown() {
      onShutdown();
      return pipeline.shutdown();
    },
  };
}

function inert(problems: readonly string[]): Telemetry {
  const done = (): Promise<void> => Promise.resolve();
  return { enabled: false, provider: undefined, status: { problems }, flush: done, shutdown: done };
}

/** As a hot reload makes them again: the same values, functions and lists by identity or by value one level down. */
function isSame(one: unknown, other: unknown, depth = 3): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null || depth === 0)
    return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) =>
      isSame((one as Globals & { [key: string]: unknown })[key], (other as { [key: string]: unknown })[key], depth - 1),
    )
  );
}
