// One running client: OTel's LoggerProvider between our captures and the collector.

import {
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_SESSION_ID,
  ATTR_TELEMETRY_DISTRO_NAME,
  ATTR_TELEMETRY_DISTRO_VERSION,
  consoleSeverityNumber,
  EVENT_SESSION_END,
  EVENT_SESSION_START,
} from "@chriscode/devmux-telemetry-protocol";
import { context, logs } from "@opentelemetry/api";
import { SDK_INFO } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { captureConsole } from "./capture/console.ts";
import type { Fact, Seen } from "./capture/fact.ts";
import { createGuard } from "./capture/guard.ts";
import type { TakeError } from "./capture/uncaught.ts";
import { seeError } from "./capture/uncaught.ts";
import type { Early } from "./early.ts";
import { copyValues, loadScribe, plainCapture, post } from "./load-scribe.ts";
import { bridgeOldApi } from "./logs/bridge.ts";
import type { Capture } from "./logs/capture.ts";
import { createGate } from "./logs/gate.ts";
import { createBatchProcessor } from "./logs/processors.ts";
import type { Settings } from "./options.ts";
import type { Platform } from "./platform/platform.ts";
import type { CreateScribe, Scribe } from "./scribe.ts";
import type { ExporterStatus } from "./transport/status.ts";
import { createId, createStatus } from "./transport/status.ts";
import { after } from "./transport/timers.ts";
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
/** The scribe is a file beside this one. If it takes longer than this, records go without it until it is there. */
const longestLoadMs = 5_000;
/** And as long as a flush waits for what was sent without it. */
const longestPostMs = 2_000;
/** And if somebody waits for a flush. */
const longestLoadOfFlushMs = 500;

export function startPipeline(settings: Settings, platform: Platform, early?: Early): Pipeline {
  const { limits } = settings;
  const failures: string[] = [];
  const note = (error: unknown): void => {
    if (failures.length < maxFailures) failures.push(String((error as Error | undefined)?.stack));
  };
  const guard = createGuard(note);
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
  const status = createStatus(sessionId);
  let scribe: Scribe | undefined;
  /** What was sent without the scribe. */
  let posting = Promise.resolve();
  const posted = (): Promise<void> => Promise.race([posting, new Promise<void>((end) => after(longestPostMs, end))]);
  let current: Capture | undefined;
  /** Somebody else's records whose bodies are copies that nobody has read. */
  const unread = new WeakSet<ReadableLogRecord>();
  const copy = (values: readonly unknown[]): readonly unknown[] => copyValues(values, limits.depth, limits.items);

  const batch = createBatchProcessor(
    {
      export(records) {
        if (scribe) scribe.sender.send(records);
        else {
          const before = posting;
          posting = post(settings.serverUrl, settings.token, records, status).then(() => before);
        }
      },
      forceFlush: () => scribe?.sender.flush() ?? posted(),
      shutdown: () => scribe?.sender.shutdown() ?? posted(),
    },
    {
      get current() {
        return current;
      },
      admits(record) {
        const isWanted = gate(record);
        if (!isWanted) counts.filtered++;
        return isWanted;
      },
      emit: (capture) =>
        guard.run(() => {
          const { scope, level, eventName, body, attributes, timeMs, context: around } = capture;
          current = capture;
          try {
            provider.getLogger(`devmux.${scope}`, packageVersion).emit({
              timestamp: timeMs,
              severityNumber: consoleSeverityNumber[level],
              severityText: level,
              eventName,
              body,
              attributes,
              context: around ?? context.active(),
            });
          } finally {
            current = undefined;
          }
        }),
      release: () => goOn(),
      complete(record, capture) {
        if (!scribe || !unread.has(record)) return scribe?.complete(record, capture) ?? record;
        return Object.create(record, { body: { value: scribe.safe(record.body as object) } });
      },
    },
  );
  /** Gives our own captures what does not go through OTel's attribute copy, and makes other people's bodies safe to keep. */
  const safekeeping: LogRecordProcessor = {
    onEmit(record) {
      const { body } = record;
      if (current) Object.assign(record.attributes, current.data);
      // A later change, a cycle or a million items are not to reach what sends it. Bytes are what they are.
      else if (typeof body === "object" && body) {
        if (body instanceof Uint8Array) record.setBody(body.slice());
        else if (scribe) record.setBody(scribe.safe(body));
        else {
          record.setBody(copy([body])[0] as typeof body);
          unread.add(record);
        }
      }
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  /** A processor that throws would throw into whoever logs, and keep the record from the next one. */
  const shield = (processor: LogRecordProcessor): LogRecordProcessor => ({
    onEmit: (record, around) => guard.run(() => processor.onEmit(record, around)),
    forceFlush: () => processor.forceFlush().catch(note),
    shutdown: () => processor.shutdown().catch(note),
  });
  const provider = new LoggerProvider({
    resource,
    processors: [safekeeping, ...settings.processors, batch].map(shield),
  });

  let takeFact: (fact: Fact) => void = batch.hold;
  const see = (seen: Seen): void =>
    guard.run(() => {
      const { args, method } = seen;
      takeFact({
        timeMs: Date.now(),
        context: context.active(),
        ...(method?.startsWith("time") && { clockMs: (globalThis.performance ?? Date).now() }),
        ...seen,
        args: scribe ? args : copy(args),
      });
    });
  const href = platform.href?.();
  let isReady = false;
  let setReady = (): void => {};
  let ending: Promise<void> | undefined;
  const ready = new Promise<void>((resolve) => {
    setReady = resolve;
  });
  /** What was seen goes on: to the scribe, or as plain records where it is not there. */
  const goOn = (create?: CreateScribe, problem?: unknown): void => {
    if (isReady && (ending || !create)) return;
    if (problem) note(problem);
    scribe = create?.({
      settings,
      platform,
      sessionId,
      guard,
      href,
      add: batch.add,
      countCollapsed: () => counts.collapsed++,
      transport: {
        ...settings,
        resource,
        status,
        platform: platform.describe,
        WebSocket: platform.WebSocket,
        maxRecordLength: limits.recordLength,
      },
    });
    takeFact =
      scribe?.see ??
      ((fact) => {
        const capture = plainCapture(fact);
        if (capture) batch.add(capture);
      });
    batch.release((fact) => guard.run(() => takeFact(fact)));
    scribe?.sender.connect();
    isReady = true;
    setReady();
  };
  const goOnAfter = (delayMs: number): void => void (isReady || after(delayMs, goOn));

  const { keepAwake = (work) => work() } = platform;
  const whenReady = (work: () => Promise<void>): Promise<void> => {
    goOnAfter(longestLoadOfFlushMs);
    return keepAwake(() => (isReady ? work() : ready.then(work)));
  };
  let hasSession = settings.captureSession;
  const endSession = (): void => {
    if (hasSession) see({ name: EVENT_SESSION_END, args: ["session ended"] });
    hasSession = false;
  };
  const handOver = (isEnd: boolean): void => {
    if (isEnd) endSession();
    void batch.forceFlush();
  };
  const flush = (): Promise<void> => whenReady(() => provider.forceFlush());
  const ends = [
    captureConsole(platform.console ?? {}, settings.consoleMethods, guard, see, (method, args) =>
      scribe?.isCounted(method, args),
    ),
    platform.watchLifecycle({
      comeBack() {
        batch.setLeaving(false);
        scribe?.sender.connect(true);
      },
      flush,
      leave(reason, isEnd) {
        goOn();
        handOver(isEnd);
        batch.setLeaving(true);
        scribe?.sender.rest(reason);
      },
      handOver,
      get sender() {
        return scribe?.sender;
      },
    }),
    platform.capture({ errors: settings.captureErrors, navigation: settings.captureNavigation }, see, guard),
    bridgeOldApi(provider),
    () => scribe?.end(),
  ];
  if (logs.setGlobalLoggerProvider(provider)) ends.push(() => logs.disable());
  loadScribe(goOn);
  if (settings.captureSession) see({ name: EVENT_SESSION_START, args: ["session started"] });
  for (const fact of early?.facts ?? []) guard.run(() => takeFact(fact));
  goOnAfter(longestLoadMs);

  return {
    provider,
    get status() {
      return scribe?.sender.status ?? status;
    },
    counts,
    failures,
    takeError: seeError(see),
    flush,
    shutdown() {
      if (ending === undefined) {
        for (const end of ends) guard.run(end);
        endSession();
        ending = whenReady(() => {
          // OTel's provider takes nothing any more once it shuts down.
          void batch.forceFlush();
          return provider.shutdown();
        });
      }
      return ending;
    },
  };
}
