// One running client: OTel's LoggerProvider between our captures and the collector.

import {
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_TELEMETRY_DISTRO_NAME,
  ATTR_TELEMETRY_DISTRO_VERSION,
  consoleSeverityNumber,
} from "@chriscode/devmux-telemetry-protocol";
import { logs } from "@opentelemetry/api";
import { SDK_INFO } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { captureConsole } from "./capture/console.ts";
import { createGuard } from "./capture/guard.ts";
import type { Emitting } from "./logs/processors.ts";
import { createBatchProcessor, createCaptureProcessor } from "./logs/processors.ts";
import type { Capture } from "./logs/records.ts";
import { captureOfCall, captureOfError } from "./logs/records.ts";
import type { Settings } from "./options.ts";
import type { Platform } from "./platform/platform.ts";
import { createWebSocketExporter } from "./transport/exporter.ts";
import type { ExporterStatus } from "./transport/status.ts";
import { packageName, packageVersion } from "./version.ts";

export interface Pipeline {
  readonly provider: LoggerProvider;
  readonly status: Readonly<ExporterStatus>;
  /** Errors of our own that were kept from the app. */
  readonly failures: readonly string[];
  /** Resolves when all that was captured is acknowledged, cannot be now, or after two seconds. Never rejects. */
  flush(): Promise<void>;
  /** Ends every capture at once, then flushes and closes. Never rejects; safe twice. */
  shutdown(): Promise<void>;
}

/** Failures that are kept for whoever asks: the first ones say it. */
const maxFailures = 10;

export function startPipeline(settings: Settings, platform: Platform): Pipeline {
  const { limits } = settings;
  const failures: string[] = [];
  const note = (error: unknown): void => {
    if (failures.length < maxFailures) failures.push(String((error as Error | undefined)?.stack));
  };
  const guard = createGuard(note);
  const emitting: Emitting = {};
  const resource = resourceFromAttributes({
    ...SDK_INFO,
    [ATTR_TELEMETRY_DISTRO_NAME]: packageName,
    [ATTR_TELEMETRY_DISTRO_VERSION]: packageVersion,
    ...platform.resource,
    ...settings.resourceAttributes,
    [ATTR_SERVICE_NAME]: settings.serviceName || platform.serviceName || "unknown_service",
    ...(settings.serviceVersion && { [ATTR_SERVICE_VERSION]: settings.serviceVersion }),
  });
  const exporter = createWebSocketExporter({
    ...settings,
    resource,
    platform: platform.describe,
    WebSocket: platform.WebSocket,
    maxRecordLength: limits.recordLength,
  });
  /** A processor that throws would throw into whoever logs, and keep the record from the next one. */
  const shield = (processor: LogRecordProcessor): LogRecordProcessor => ({
    onEmit: (record, context) => guard.run(() => processor.onEmit(record, context)),
    forceFlush: () => processor.forceFlush().catch(note),
    shutdown: () => processor.shutdown().catch(note),
  });
  const batch = createBatchProcessor(exporter, emitting);
  const provider = new LoggerProvider({
    resource,
    processors: [createCaptureProcessor(emitting, limits), ...settings.processors, batch].map(shield),
  });

  const emitTo = (scope: string): ((capture: Capture) => void) => {
    const logger = provider.getLogger(scope, packageVersion);
    return (capture) => {
      const { level, eventName, body, attributes } = capture;
      emitting.current = capture;
      try {
        const severityNumber = consoleSeverityNumber[level];
        logger.emit({ timestamp: Date.now(), severityNumber, severityText: level, eventName, body, attributes });
      } finally {
        emitting.current = undefined;
      }
    };
  };
  const emitCall = emitTo("devmux.console");
  const emitError = emitTo("devmux.errors");
  const awake = async (work: () => Promise<void>): Promise<void> => {
    const release = platform.keepAlive?.();
    await work();
    release?.();
  };
  const flush = (): Promise<void> => awake(() => provider.forceFlush());
  /** Records of a flush in vain, which the end of the process is not to try again. */
  let given = 0;
  const ends = [
    captureConsole(platform.console ?? {}, settings.consoleMethods, guard, (call) =>
      emitCall(captureOfCall(call, limits)),
    ),
    platform.watchLifecycle({
      onReturn: () => exporter.connect(true),
      onHide: flush,
      onLeave(reason) {
        void flush();
        exporter.rest(reason);
      },
      onIdle() {
        // What is pending gets its chance, once: the loop that has nothing left asks again and again.
        void batch.forceFlush();
        if (exporter.status.buffered <= given) return;
        void flush().then(() => {
          given = exporter.status.buffered;
        });
      },
      onExit(send) {
        void batch.forceFlush();
        const rest = exporter.status.buffered > given ? exporter.unsettled() : undefined;
        if (rest) send(rest);
      },
    }),
  ];
  if (settings.captureErrors)
    ends.push(platform.captureErrors(guard, (error) => emitError(captureOfError(error, limits))));
  if (logs.setGlobalLoggerProvider(provider)) ends.push(() => logs.disable());
  exporter.connect();

  let ending: Promise<void> | undefined;
  return {
    provider,
    status: exporter.status,
    failures,
    flush,
    shutdown() {
      if (ending === undefined) {
        for (const end of ends) guard.run(end);
        ending = awake(() => provider.shutdown());
      }
      return ending;
    },
  };
}
