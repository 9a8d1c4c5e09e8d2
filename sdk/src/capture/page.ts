// What happens to a page or a worker, read: uncaught errors and rejections, resources that do not load, policies; where
// the user goes, and when the page is hidden, frozen or restored.

import { isOwnUrl } from "../running.ts";
import { bareUrl, listening } from "./listening.ts";
import type { UncaughtError } from "./uncaught.ts";

export interface PageEvent {
  readonly eventName: string;
  readonly body: string;
  readonly attributes: { readonly [key: string]: string | number | boolean | undefined };
}

/** An error, a rejection or a policy; undefined where it says nothing. */
export function readPageError(event: Event): UncaughtError | undefined {
  const { type } = event;
  if (type === "error") return readError(event);
  if (type === "securitypolicyviolation") return readViolation(event as SecurityPolicyViolationEvent);
  const { reason, promise } = event as PromiseRejectionEvent;
  return { mechanism: type as UncaughtError["mechanism"], thrown: reason, promise };
}

/**
 * Where the user goes, and when the page is hidden, frozen or restored; nothing where there is no page. The first
 * navigation is from the address `url`, and may have been before. The function it returns ends it.
 */
export function observePage(url: string | undefined, take: (event: PageEvent) => void): () => void {
  const {
    document: page,
    location,
    navigation,
  } = globalThis as Partial<typeof globalThis> & {
    navigation?: EventTarget;
  };
  let address = url;
  const navigated = (event?: Event): void => {
    const before = address ?? "";
    const now = location?.href ?? "";
    if (address !== now) take(navigationOf(event, before, now));
    address = now;
  };
  const changed = (event: Event): void => {
    const { type } = event;
    if (type === "visibilitychange") take(lifecycle(page?.visibilityState ?? ""));
    else if (type !== "pageshow") take(lifecycle(type === "freeze" ? "frozen" : type === "resume" ? "resumed" : type));
    else if ((event as PageTransitionEvent).persisted) take(lifecycle("restored"));
  };
  return listening((listen) => {
    if (!page) return;
    navigated();
    listen(navigation ?? globalThis, navigation ? "currententrychange" : "popstate hashchange", navigated);
    listen(page, "visibilitychange freeze resume", changed);
    listen(globalThis, "pageshow online offline", changed);
  });
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

function navigationOf(event: Event | undefined, before: string, now: string): PageEvent {
  const to = bareUrl(now);
  const type = (event as { navigationType?: string | null } | undefined)?.navigationType ?? "traverse";
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
