// What comes after the core of the client (README, "What a page loads"): it reads values, makes records of what was seen,
// merges the places of one crash, counts floods, and knows what pages report besides their own errors.

import { ATTR_DEVMUX_EXCEPTION_ID, EVENT_DEVMUX_EXCEPTION_HANDLED } from "@chriscode/devmux-telemetry-protocol";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { createConsoleState } from "./capture/console-methods.ts";
import type { Fact } from "./capture/fact.ts";
import type { Guard } from "./capture/guard.ts";
import type { ConsoleMethod } from "./capture/methods.ts";
import type { PageEvent } from "./capture/page.ts";
import { observePage, observeReports, readPageError } from "./capture/page.ts";
import type { UncaughtError } from "./capture/uncaught.ts";
import type { Capture } from "./logs/capture.ts";
import { createCrashes, mergedOf } from "./logs/crashes.ts";
import { createFlood, markerOf, maxKeyLength } from "./logs/flood.ts";
import { captureOfCall, captureOfError, createPlaces } from "./logs/records.ts";
import { sessionEvent } from "./logs/session.ts";
import type { Settings } from "./options.ts";
import type { Platform } from "./platform/platform.ts";
import { readScribeOptions } from "./scribe-options.ts";
import { createCare } from "./transport/care.ts";
import { createOtlpHttpSender } from "./transport/otlp-http.ts";
import type { Sender, SenderOptions } from "./transport/sender.ts";
import { createWriting } from "./transport/writing.ts";
import { createBudget, inspect } from "./values/inspect.ts";

/** What the core has for it. */
export interface ScribeHost {
  readonly settings: Settings;
  /** As the app gave them. */
  readonly options: unknown;
  readonly platform: Platform;
  readonly sessionId: string;
  readonly guard: Guard;
  readonly transport: SenderOptions;
  /** The page's address at the start. */
  readonly href?: string | undefined;
  /** Takes a record that is to be sent. */
  add(capture: Capture): void;
  /** Records that became a count. */
  countCollapsed(): void;
}

export interface Scribe {
  /** True where such a call is only counted, and nothing more need be known of it. */
  isCounted(method: ConsoleMethod, args: readonly unknown[]): boolean;
  /** Makes of it what is to be sent, if anything is. May throw, where a label of the console does. */
  see(fact: Fact): void;
  /** A record with what is worked out when it leaves. */
  complete(record: ReadableLogRecord, capture: Capture | undefined): ReadableLogRecord;
  /** Somebody else's value, safe to keep. */
  safe(value: object): unknown;
  end(): void;
  /** In place of the core's, where the app wants OTel's own. */
  readonly sender: Sender | undefined;
}

export type CreateScribe = typeof createScribe;

export function createScribe(host: ScribeHost): Scribe {
  const { settings, options, platform, sessionId, guard, transport, href, add, countCollapsed } = host;
  const { limits, rate } = readScribeOptions(options, settings.problems);
  transport.care = createCare;
  transport.writing = createWriting(limits.recordLength);
  const state = createConsoleState();
  const attributesOfSite = createPlaces();
  const isPartOfCrash = createCrashes();
  const flood = createFlood(rate, (marker) => guard.run(() => add(marker)));
  /** Rejections that were reported: some are handled after all. */
  const rejections = new WeakMap<object, Capture>();
  let crashNumber = 0;
  /** Bodies of somebody else's records that are safe. */
  const known = new WeakSet<object>();
  const safe = (value: object): unknown => {
    const made = inspect(value, createBudget(limits)).value;
    if (typeof made === "object" && made) known.add(made);
    return made;
  };

  const take = (capture: Capture, more = 0): boolean => {
    if (isPartOfCrash(capture)) return false;
    const isWanted = flood.admits(capture);
    if (isWanted) add(capture);
    else countCollapsed();
    if (more > 0) add(markerOf(capture, more));
    return isWanted;
  };
  const addEvent = ({ eventName, body, attributes }: PageEvent, { timeMs, context }: Fact): void =>
    add({ scope: "events", level: "debug", eventName, body, attributes, timeMs, context });

  const seeCall = (fact: Fact, method: ConsoleMethod): void => {
    const { args, timeMs, context, site, clockMs = timeMs } = fact;
    const rejection = platform.rejectionIn?.(args);
    if (rejection) return seeError(fact, { mechanism: "unhandledrejection", ...rejection });
    const groupDepth = state.depth;
    const entry = state.entryOf(method, args, clockMs);
    if (entry) take(captureOfCall({ ...entry, method, groupDepth, site, timeMs, context }, limits), fact.more);
  };
  const seeError = (fact: Fact, error: UncaughtError): void => {
    const { timeMs, context, more } = fact;
    const { promise, mechanism } = error;
    const known = promise && rejections.get(promise);
    if (mechanism === "rejectionhandled") {
      if (known === undefined) return;
      const id = known.attributes[ATTR_DEVMUX_EXCEPTION_ID];
      return addEvent(
        {
          eventName: EVENT_DEVMUX_EXCEPTION_HANDLED,
          body: `handled late: ${known.body}`,
          attributes: { [ATTR_DEVMUX_EXCEPTION_ID]: id as string },
        },
        fact,
      );
    }
    const capture = captureOfError(error, limits, { timeMs, context });
    capture.attributes[ATTR_DEVMUX_EXCEPTION_ID] = `${sessionId.slice(0, 13)}-x${++crashNumber}`;
    if (take(capture, more) && promise) rejections.set(promise, capture);
  };
  const see = (fact: Fact): void => {
    const { method, error, event, name } = fact;
    if (method) return seeCall(fact, method);
    if (error) return seeError(fact, error);
    if (name) return addEvent(sessionEvent(name, sessionId), fact);
    const read = event && readPageError(event);
    if (read) seeError(fact, read);
  };
  const now = (): Fact => ({ timeMs: Date.now(), args: [] });
  const endReports = settings.captureErrors
    ? observeReports((error) => guard.run(() => seeError(now(), error)))
    : undefined;
  const endPage = settings.captureNavigation
    ? observePage(href, (event) => guard.run(() => addEvent(event, now())))
    : undefined;

  return {
    isCounted(method, args) {
      const [text] = args;
      // To look for a text of megabytes costs as much as to read it.
      if (args.length !== 1 || typeof text !== "string" || text.length > maxKeyLength) return false;
      if (!flood.repeats(method, text)) return false;
      countCollapsed();
      return true;
    },
    see,
    complete(record, capture) {
      const { body: given } = record;
      // Somebody else's, from before: a copy that nobody has read.
      if (capture === undefined && typeof given === "object" && given && !known.has(given))
        return given instanceof Uint8Array ? record : Object.create(record, { body: { value: safe(given) } });
      if (capture === undefined) return record;
      const { site, withStack, crash } = capture;
      if (crash) crash.hasLeft = true;
      const merged = mergedOf(capture);
      // They are this record's own: OTel made them of what was emitted.
      Object.assign(record.attributes, site && attributesOfSite(site, withStack), merged?.attributes);
      if (!merged) return record;
      const { body = record.body, eventName = record.eventName } = merged;
      // It keeps its accessors, which a copy of its fields would not have.
      return Object.create(record, { body: { value: body }, eventName: { value: eventName } });
    },
    safe,
    end() {
      flood.end();
      endReports?.();
      endPage?.();
    },
    sender: settings.transport === "otlp-http" ? createOtlpHttpSender(transport) : undefined,
  };
}
