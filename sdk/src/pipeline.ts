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
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { captureConsole } from "./capture/console.ts";
import type { Fact, Seen } from "./capture/fact.ts";
import { createGuard } from "./capture/guard.ts";
import type { TakeError } from "./capture/uncaught.ts";
import { seeError } from "./capture/uncaught.ts";
import type { Early } from "./early.ts";
import { addPlainly, copyValues, loadScribe } from "./load-scribe.ts";
import { bridgeOldApi } from "./logs/bridge.ts";
import type { Capture } from "./logs/capture.ts";
import { createGate } from "./logs/gate.ts";
import { createBatchProcessor } from "./logs/processors.ts";
import type { Settings, TelemetryOptions } from "./options.ts";
import type { Platform } from "./platform/platform.ts";
import type { CreateScribe, Scribe } from "./scribe.ts";
import type { Telemetry } from "./telemetry.ts";
import type { SenderOptions } from "./transport/sender.ts";
import { createSender } from "./transport/sender.ts";
import { createId, createStatus } from "./transport/status.ts";
import { after } from "./transport/timers.ts";
import { packageName, packageVersion } from "./version.ts";

export interface Pipeline {
  readonly telemetry: Telemetry;
  readonly takeError: TakeError;
}

/** Problems that are kept for whoever asks: the first ones say it. */
const maxProblems = 20;
/** The scribe is a file beside this one. If it takes longer than this, records go without it until it is there. */
const longestLoadMs = 5_000;
/** And if somebody waits for a flush. */
const longestLoadOfFlushMs = 500;
/** A processor of the app's that never ends is not waited for: a second more than the sender needs at most. */
const longestFlushMs = 3_000;

/** `onEnd` is called once, whoever ends it. */
export function startPipeline(
  settings: Settings,
  options: TelemetryOptions | undefined,
  platform: Platform,
  early: Early | undefined,
  onEnd: () => void,
): Pipeline {
  const { problems } = settings;
  const note = (error: unknown): void => {
    if (problems.length < maxProblems) problems.push(String((error as Error | undefined)?.stack));
  };
  const guard = createGuard(note);
  const gate = createGate(settings, note);
  const sessionId = createId();
  const status = { ...createStatus(sessionId), filtered: 0, collapsed: 0 };
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
  const transport: SenderOptions = {
    ...settings,
    resource,
    status,
    platform: platform.describe,
    WebSocket: platform.WebSocket,
  };
  let sender = createSender(transport);
  let scribe: Scribe | undefined;
  let current: Capture | undefined;

  const batch = createBatchProcessor(
    {
      export: (records) => sender.send(records),
      forceFlush: () => sender.flush(),
      shutdown: () => sender.shutdown(),
    },
    {
      get isHeld() {
        return !isReady;
      },
      get current() {
        return current;
      },
      admits(record) {
        const isWanted = gate(record);
        if (!isWanted) status.filtered++;
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
      read: (fact) => guard.run(() => readFact(fact)),
      release: () => goOn(),
      complete: (record, capture) => scribe?.complete(record, capture) ?? record,
    },
  );
  /** Gives our own captures what does not go through OTel's attribute copy, and makes other people's bodies safe to keep. */
  const safekeeping: Partial<LogRecordProcessor> = {
    onEmit(record) {
      const { body } = record;
      if (current) Object.assign(record.attributes, current.data);
      // A later change, a cycle or a million items are not to reach what sends it. Bytes are what they are.
      else if (typeof body === "object" && body) {
        if (body instanceof Uint8Array) record.setBody(body.slice());
        else record.setBody((scribe ? scribe.safe(body) : copyValues([body])[0]) as typeof body);
      }
    },
  };
  const noted = (work: () => Promise<void> | undefined): Promise<void> =>
    new Promise<void>((resolve) => {
      after(longestFlushMs, resolve);
      new Promise<void>((settle) => settle(work())).catch(note).then(resolve);
    });
  /** A processor that throws would throw into whoever logs, and keep the record from the next one. */
  const shield = (processor: Partial<LogRecordProcessor>): LogRecordProcessor => ({
    onEmit: (record, around) => guard.run(() => processor.onEmit?.(record, around)),
    forceFlush: () => noted(() => processor.forceFlush?.()),
    shutdown: () => noted(() => processor.shutdown?.()),
  });
  const provider = new LoggerProvider({
    resource,
    processors: [safekeeping, ...settings.processors, batch].map(shield),
  });

  let readFact = (_: Fact): void => {};
  const see = (seen: Seen): void =>
    guard.run(() => {
      const { args, method } = seen;
      batch.take({
        ...seen,
        timeMs: Date.now(),
        clockMs: method?.startsWith("time") ? (globalThis.performance ?? Date).now() : undefined,
        context: context.active(),
        args: scribe ? args : copyValues(args),
      });
    });
  const { href } = (globalThis as Partial<typeof globalThis>).location ?? {};
  let isLive = settings.transport !== "otlp-http";
  const connect = (atOnce?: boolean): void => void (isLive && sender.connect(atOnce));
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
      options,
      platform,
      sessionId,
      guard,
      href,
      add: batch.add,
      countCollapsed: () => status.collapsed++,
      transport,
    });
    if (scribe?.sender) {
      sender = scribe.sender;
      isLive = true;
    }
    readFact = scribe?.see ?? ((fact) => addPlainly(fact, batch.add));
    // With what the scribe knows of connections.
    connect();
    isReady = true;
    batch.flush();
    // It came while everything else had ended.
    if (ending) scribe?.end();
    setReady();
  };
  const goOnAfter = (delayMs: number): void => void (isReady || after(delayMs, goOn));

  const whenReady = (work: () => Promise<void>): Promise<void> => {
    goOnAfter(longestLoadOfFlushMs);
    const whole = (): Promise<void> => (isReady ? work() : ready.then(work));
    return platform.keepAwake?.(whole) ?? whole();
  };
  let hasSession = settings.captureSession;
  const endSession = (): void => {
    if (hasSession) see({ name: EVENT_SESSION_END, args: ["session ended"] });
    hasSession = false;
  };
  const handOver = (isEnd: boolean): void => {
    if (isEnd) endSession();
    batch.flush();
  };
  const { forceFlush, shutdown } = provider;
  const flush = (): Promise<void> => whenReady(() => forceFlush.call(provider));
  const ends = [
    captureConsole(platform.console ?? {}, settings.consoleMethods, guard, see, (method, args) =>
      scribe?.isCounted(method, args),
    ),
    platform.watchLifecycle({
      comeBack() {
        batch.setLeaving(false);
        connect(true);
      },
      flush,
      leave(reason, isEnd) {
        goOn();
        handOver(isEnd);
        batch.setLeaving(true);
        sender.rest(reason);
      },
      handOver,
      get sender() {
        return sender;
      },
    }),
    settings.captureErrors ? platform.capture(see, guard) : () => {},
    bridgeOldApi(provider),
    () => {
      batch.flush();
      scribe?.end();
    },
    onEnd,
  ];
  const end = (): Promise<void> => {
    if (ending === undefined) {
      for (const each of ends) guard.run(each);
      endSession();
      ending = whenReady(() => {
        // OTel's provider takes nothing any more once it shuts down.
        batch.flush();
        return shutdown.call(provider);
      });
    }
    return ending;
  };
  // Whoever has the provider need not know that calls of the console wait in front of it.
  Object.assign(provider, { forceFlush: flush, shutdown: end });
  if (logs.setGlobalLoggerProvider(provider)) ends.push(() => logs.disable());
  // Until there is OTel's own exporter, what has to leave does so as from a page that ends.
  if (isLive) connect();
  else sender.rest("");
  loadScribe(goOn);
  if (settings.captureSession) see({ name: EVENT_SESSION_START, args: ["session started"] });
  for (const fact of early?.facts ?? []) guard.run(() => batch.take(fact));
  goOnAfter(longestLoadMs);

  return {
    telemetry: {
      enabled: true,
      provider,
      get status() {
        return { ...status, problems: [...problems] };
      },
      flush,
      shutdown: end,
    },
    takeError: seeError(see),
  };
}
