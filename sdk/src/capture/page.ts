// What happens to a page or a worker, read: uncaught errors and rejections, resources that do not load, policies; where
// the user goes, and when the page is hidden, frozen or restored.

import { isOwnUrl } from "../running.ts";
import { bareUrl } from "./listening.ts";
import type { UncaughtError } from "./uncaught.ts";

export interface PageEvent {
  readonly eventName: string;
  readonly body: string;
  readonly attributes: { readonly [key: string]: string | number | boolean | undefined };
}

/** Reads one event after the other; a navigation is from the address of the one before, the first from `url`. */
export function createPageReader(url: string | undefined) {
  let address = url ?? "";
  /** Undefined where it says nothing. `now` is the page's address when it happened. */
  return (event: Event, now: string): UncaughtError | PageEvent | undefined => {
    const { type } = event;
    switch (type) {
      case "error":
        return readError(event);
      case "unhandledrejection":
      case "rejectionhandled": {
        const { reason, promise } = event as PromiseRejectionEvent;
        return { mechanism: type, thrown: reason, promise };
      }
      case "securitypolicyviolation":
        return readViolation(event as SecurityPolicyViolationEvent);
      case "visibilitychange":
        return lifecycle((event.target as Document).visibilityState);
      case "freeze":
        return lifecycle("frozen");
      case "resume":
        return lifecycle("resumed");
      case "pageshow":
        return (event as PageTransitionEvent).persisted ? lifecycle("restored") : undefined;
      case "online":
      case "offline":
        return lifecycle(type);
      default: {
        const before = address;
        address = now;
        return now === before ? undefined : navigation(event, before, now);
      }
    }
  };
}

function readError(event: Event): UncaughtError | undefined {
  const { error, message, filename, lineno, colno, target } = event as ErrorEvent;
  const { localName, src, href } = (target ?? {}) as Partial<HTMLImageElement & HTMLAnchorElement>;
  if (typeof localName !== "string")
    return { mechanism: "error", thrown: error, message, file: filename, line: lineno, column: colno };
  const url = src || href;
  return url
    ? { mechanism: "resource", message: `<${localName}> did not load: ${bareUrl(url)}`, type: "ResourceError" }
    : undefined;
}

function readViolation(seen: SecurityPolicyViolationEvent): UncaughtError | undefined {
  const { effectiveDirective, blockedURI, sourceFile, lineNumber, columnNumber, disposition } = seen;
  if (isOwnUrl(blockedURI)) return undefined;
  const isEnforced = disposition === "enforce";
  return {
    mechanism: "csp",
    type: "SecurityPolicyViolation",
    level: isEnforced ? "error" : "warn",
    message: `Content-Security-Policy ${effectiveDirective} ${isEnforced ? "blocked" : "would block"} ${bareUrl(blockedURI)}`,
    file: sourceFile,
    line: lineNumber,
    column: columnNumber,
  };
}

function lifecycle(state: string): PageEvent {
  return {
    eventName: "devmux.page.lifecycle",
    body: `page ${state}`,
    attributes: { "devmux.page.state": state },
  };
}

function navigation(event: Event, before: string, now: string): PageEvent {
  const to = bareUrl(now);
  const type = (event as { navigationType?: string | null }).navigationType ?? "traverse";
  return {
    eventName: "browser.navigation",
    body: `navigation (${type}) to ${to}`,
    attributes: {
      "url.full": to,
      "browser.navigation.type": type,
      "browser.navigation.same_document": true,
      "browser.navigation.hash_change": now.replace(/#.*/, "") === before.replace(/#.*/, ""),
    },
  };
}

interface Report {
  readonly type: string;
  readonly body?: { message?: unknown; sourceFile?: string; lineNumber?: number; columnNumber?: number };
}

/** Deprecations and interventions, those of before as well; the function it returns ends it. */
export function observeReports(take: (error: UncaughtError) => void): () => void {
  const { ReportingObserver: Observer } = globalThis as {
    ReportingObserver?: new (
      callback: (reports: readonly Report[]) => void,
      options: object,
    ) => { observe(): void; disconnect(): void };
  };
  if (Observer === undefined) return () => {};
  const observer = new Observer(
    (reports) => {
      for (const { type, body } of reports) {
        const { message, sourceFile: file, lineNumber: line, columnNumber: column } = body ?? {};
        take({ mechanism: "report", type, level: "warn", message: `${message}`, file, line, column });
      }
    },
    { types: ["deprecation", "intervention"], buffered: true },
  );
  observer.observe();
  return () => observer.disconnect();
}
