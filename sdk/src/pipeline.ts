// One running client: OTel's LoggerProvider between our captures and the collector.

import {
  ATTR_DEVMUX_EXCEPTION_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_SESSION_ID,
  ATTR_TELEMETRY_DISTRO_NAME,
  ATTR_TELEMETRY_DISTRO_VERSION,
  consoleSeverityNumber,
  EVENT_DEVMUX_EXCEPTION_HANDLED,
} from "@chriscode/devmux-telemetry-protocol";
import { logs } from "@opentelemetry/api";
import { SDK_INFO } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { captureConsole } from "./capture/console.ts";
import { createGuard } from "./capture/guard.ts";
import type { PageEvent } from "./capture/page.ts";
import type { TakeError, UncaughtError } from "./capture/uncaught.ts";
import type { Early } from "./early.ts";
import { bridgeOldApi } from "./logs/bridge.ts";
import { createCrashes } from "./logs/crashes.ts";
import { createFlood } from "./logs/flood.ts";
import { createGate } from "./logs/gate.ts";
import type { Emitting } from "./logs/processors.ts";
import { createBatchProcessor, createCaptureProcessor } from "./logs/processors.ts";
import type { Capture } from "./logs/records.ts";
import { captureOfCall, captureOfError } from "./logs/records.ts";
import { sessionEnd, sessionStart } from "./logs/session.ts";
import type { Settings } from "./options.ts";
import type { Platform } from "./platform/platform.ts";
import { createWebSocketExporter } from "./transport/exporter.ts";
import { createOtlpHttpExporter } from "./transport/otlp-http.ts";
import type { ExporterStatus } from "./transport/status.ts";
import { createId } from "./transport/status.ts";
import { packageName, packageVersion } from "./version.ts";

export interface Pipeline {
  readonly provider: LoggerProvider;
  readonly status: Readonly<ExporterStatus>;
  readonly takeError: TakeError;
  /** Records that were not sent: not wanted, or only counted. */
  readonly counts: { readonly filtered: number; readonly collapsed: number };
  /** Errors of our own that were kept from the app. */
  readonly failures: readonly string[];
  /** Resolves when all that was captured is acknowledged, cannot be now, or after two seconds. Never rejects. */
  flush(): Promise<void>;
  /** Ends every capture at once, then flushes and closes. Never rejects; safe twice. */
  shutdown(): Promise<void>;
}

/** Failures that are kept for whoever asks: the first ones say it. */
const maxFailures = 10;

export function startPipeline(settings: Settings, platform: Platform, early?: Early): Pipeline {
  const { limits } = settings;
  const failures: string[] = [];
  const note = (error: unknown): void => {
    if (failures.length < maxFailures) failures.push(String((error as Error | undefined)?.stack));
  };
  const guard = createGuard(note);
  const emitting: Emitting = {};
  const counts = { filtered: 0, collapsed: 0 };
  const gate = createGate(settings, note);
  const sessionId = createId();
  const resource = resourceFromAttributes({
    [ATTR_SESSION_ID]: sessionId,
    ...SDK_INFO,
    [ATTR_TELEMETRY_DISTRO_NAME]: packageName,
    [ATTR_TELEMETRY_DISTRO_VERSION]: packageVersion,
    ...platform.resource,
    ...settings.resourceAttributes,
    [ATTR_SERVICE_NAME]: settings.serviceName || platform.serviceName || "unknown_service",
    ...(settings.serviceVersion && { [ATTR_SERVICE_VERSION]: settings.serviceVersion }),
  });
  const createExporter = settings.transport === "otlp-http" ? createOtlpHttpExporter : createWebSocketExporter;
  const exporter = createExporter({
    ...settings,
    resource,
    clientId: sessionId,
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
  const batch = createBatchProcessor(exporter, emitting, (record) => {
    const isWanted = gate(record);
    if (!isWanted) counts.filtered++;
    return isWanted;
  });
  const provider = new LoggerProvider({
    resource,
    processors: [createCaptureProcessor(emitting, limits), ...settings.processors, batch].map(shield),
  });

  const emitTo = (scope: string): ((capture: Capture) => void) => {
    const logger = provider.getLogger(scope, packageVersion);
    return (capture) => {
      const { level, eventName, body, attributes, timeMs } = capture;
      emitting.current = capture;
      try {
        const severityNumber = consoleSeverityNumber[level];
        logger.emit({
          timestamp: timeMs ?? Date.now(),
          severityNumber,
          severityText: level,
          eventName,
          body,
          attributes,
        });
      } finally {
        emitting.current = undefined;
      }
    };
  };
  const emitCall = emitTo("devmux.console");
  const emitError = emitTo("devmux.errors");
  const emit = (capture: Capture): void => (capture.isConsole ? emitCall : emitError)(capture);
  const flood = createFlood(settings.rate, (marker) => guard.run(() => emit(marker)));
  const take = (capture: Capture): boolean => {
    if (isPartOfCrash(capture)) return false;
    const isWanted = flood.admits(capture);
    if (isWanted) emit(capture);
    else counts.collapsed++;
    return isWanted;
  };
  const emitPlain = emitTo("devmux.events");
  const isPartOfCrash = createCrashes();
  const emitEvent = ({ eventName, body, attributes }: PageEvent): void =>
    emitPlain({ level: "debug", eventName, body, attributes, source: "", isConsole: false, data: {} });
  /** Rejections that were reported: some are handled after all. */
  const rejections = new WeakMap<object, Capture>();
  const takeError = (error: UncaughtError): void => {
    const { promise, mechanism } = error;
    const known = promise && rejections.get(promise);
    if (mechanism === "rejectionhandled") {
      if (known === undefined) return;
      const id = known.attributes[ATTR_DEVMUX_EXCEPTION_ID];
      return emitEvent({
        eventName: EVENT_DEVMUX_EXCEPTION_HANDLED,
        body: `handled late: ${known.body}`,
        attributes: { [ATTR_DEVMUX_EXCEPTION_ID]: id as string },
      });
    }
    const capture = captureOfError(error, limits);
    capture.attributes[ATTR_DEVMUX_EXCEPTION_ID] = `${sessionId.slice(0, 13)}-x${++crashNumber}`;
    if (take(capture) && promise) rejections.set(promise, capture);
  };
  let crashNumber = 0;
  const awake = async (work: () => Promise<void>): Promise<void> => {
    const release = platform.keepAlive?.();
    await work();
    release?.();
  };
  let hasSession = settings.captureSession;
  const endSession = (): void => {
    if (hasSession) guard.run(() => emitEvent(sessionEnd(sessionId)));
    hasSession = false;
  };
  const flush = (): Promise<void> => awake(() => provider.forceFlush());
  /** Records of a flush in vain, which the end of the process is not to try again. */
  let given = 0;
  const ends = [
    captureConsole(platform.console ?? {}, settings.consoleMethods, guard, (call) => {
      const rejection = platform.rejectionIn?.(call.args);
      if (rejection) takeError({ mechanism: "unhandledrejection", ...rejection });
      else take(captureOfCall(call, limits));
    }),
    platform.watchLifecycle({
      onReturn() {
        batch.setLeaving(false);
        exporter.connect(true);
      },
      onHide: flush,
      onLeave(reason, isEnd) {
        if (isEnd) endSession();
        void batch.forceFlush();
        batch.setLeaving(true);
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
        if (exporter.status.buffered > given) endSession();
        void batch.forceFlush();
        const rest = exporter.status.buffered > given ? exporter.unsettled() : undefined;
        if (rest) send(rest);
      },
    }),
  ];
  if (settings.captureErrors) ends.push(platform.captureErrors(guard, takeError));
  if (settings.captureNavigation && platform.captureNavigation) ends.push(platform.captureNavigation(guard, emitEvent));
  ends.push(bridgeOldApi(provider), flood.end);
  if (logs.setGlobalLoggerProvider(provider)) ends.push(() => logs.disable());
  if (settings.captureSession) guard.run(() => emitEvent(sessionStart(sessionId, platform.session?.() ?? {})));
  for (const capture of early?.captures ?? []) guard.run(() => take(capture));
  exporter.connect();

  let ending: Promise<void> | undefined;
  return {
    provider,
    status: exporter.status,
    counts,
    failures,
    takeError: (error) => guard.run(() => takeError(error)),
    flush,
    shutdown() {
      if (ending === undefined) {
        for (const end of ends) guard.run(end);
        endSession();
        ending = awake(() => provider.shutdown());
      }
      return ending;
    },
  };
}
