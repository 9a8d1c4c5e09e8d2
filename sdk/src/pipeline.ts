// One running client: OTel's LoggerProvider between our captures and the collector.

import {
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_TELEMETRY_DISTRO_NAME,
  ATTR_TELEMETRY_DISTRO_VERSION,
} from "@chriscode/devmux-telemetry-protocol";
import type { Logger } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { captureConsole } from "./capture/console.ts";
import { createGuard } from "./capture/guard.ts";
import { createBatchProcessor } from "./logs/batch-processor.ts";
import type { Emitting } from "./logs/capture-processor.ts";
import { createCaptureProcessor } from "./logs/capture-processor.ts";
import type { Capture } from "./logs/records.ts";
import { captureOfCall, captureOfError } from "./logs/records.ts";
import type { Settings } from "./options.ts";
import type { Platform } from "./platform/platform.ts";
import type { ExporterStatus } from "./transport/exporter.ts";
import { createWebSocketExporter } from "./transport/exporter.ts";
import { packageName, packageVersion } from "./version.ts";

export interface Pipeline {
  readonly provider: LoggerProvider;
  readonly status: ExporterStatus;
  /** Errors of our own that were kept from the app. */
  readonly failures: readonly string[];
  /** Resolves when all that was captured is acknowledged, cannot be now, or after two seconds. Never rejects. */
  flush(): Promise<void>;
  /** Ends every capture at once, then flushes and closes. Never rejects; safe twice. */
  shutdown(): Promise<void>;
}

/** What failures are kept for whoever asks; the first ones say it. */
const maxFailures = 10;

export function startPipeline(settings: Settings, platform: Platform): Pipeline {
  const failures: string[] = [];
  const note = (error: unknown): void => {
    if (failures.length < maxFailures)
      failures.push(error instanceof Error ? `${error.message} ${error.stack ?? ""}` : typeof error);
  };
  const guard = createGuard(note);
  const emitting: Emitting = { current: undefined };
  const resource = resourceOf(settings, platform);
  const exporter = createWebSocketExporter({
    serverUrl: settings.serverUrl,
    resource,
    platform: () => platform.describe(),
    buffer: settings.buffer,
    maxRecordLength: settings.limits.recordLength,
    ...(settings.token !== undefined && { token: settings.token }),
  });
  const processors = [
    createCaptureProcessor(emitting, settings.limits),
    ...settings.processors,
    createBatchProcessor(exporter, {}, emitting),
  ].map((processor) => shield(processor, guard.run));
  const provider = new LoggerProvider({ resource, processors });
  const consoleLogger = provider.getLogger("devmux.console", packageVersion);
  const errorLogger = provider.getLogger("devmux.errors", packageVersion);

  const emit = (logger: Logger, capture: Capture): void => {
    emitting.current = capture;
    try {
      logger.emit(capture.record);
    } finally {
      emitting.current = undefined;
    }
  };
  const flush = (): Promise<void> => provider.forceFlush().catch(note);
  const uninstall = [
    platform.watchLifecycle({
      onReturn() {
        exporter.connect();
        exporter.wake();
      },
      onHide: () => void flush(),
      onLeave(reason) {
        void flush();
        exporter.rest(reason);
      },
    }),
  ];
  if (platform.console !== undefined) {
    const { console } = platform;
    uninstall.push(
      captureConsole(console, settings.consoleMethods, guard, (call) =>
        emit(consoleLogger, captureOfCall(call, settings.limits)),
      ),
    );
  }
  if (settings.captureErrors) {
    uninstall.push(platform.captureErrors(guard, (error) => emit(errorLogger, captureOfError(error, settings.limits))));
  }
  const isGlobal = logs.setGlobalLoggerProvider(provider);
  exporter.connect();

  let ending: Promise<void> | undefined;
  return {
    provider,
    get status() {
      return exporter.status;
    },
    failures,
    flush,
    shutdown() {
      ending ??= (async () => {
        for (const end of uninstall) guard.run(end);
        if (isGlobal) logs.disable();
        await provider.shutdown().catch(note);
      })();
      return ending;
    },
  };
}

function resourceOf(settings: Settings, platform: Platform): ReturnType<typeof defaultResource> {
  return defaultResource().merge(
    resourceFromAttributes({
      [ATTR_TELEMETRY_DISTRO_NAME]: packageName,
      [ATTR_TELEMETRY_DISTRO_VERSION]: packageVersion,
      ...settings.resourceAttributes,
      [ATTR_SERVICE_NAME]: settings.serviceName ?? platform.serviceName,
      ...(settings.serviceVersion !== undefined && { [ATTR_SERVICE_VERSION]: settings.serviceVersion }),
    }),
  );
}

/** A processor that throws would throw into whoever logs. */
function shield(processor: LogRecordProcessor, run: (work: () => void) => void): LogRecordProcessor {
  return {
    onEmit: (record, context) => run(() => processor.onEmit(record, context)),
    forceFlush: (options) => processor.forceFlush(options),
    shutdown: () => processor.shutdown(),
    ...(processor.enabled !== undefined && { enabled: (options) => processor.enabled?.(options) ?? true }),
  };
}
