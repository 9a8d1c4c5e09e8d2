// What happens to a page besides its own code's errors: resources that do not load, policies, deprecations; where the
// user goes, and when the page is hidden, frozen or restored.

import { isOwnUrl } from "../running.ts";
import type { Guard } from "./guard.ts";
import type { TakeError } from "./uncaught.ts";

export interface PageEvent {
  readonly eventName: string;
  readonly body: string;
  readonly attributes: { readonly [key: string]: string | number | boolean | undefined };
}

export type Listen = (target: EventTarget | undefined, types: string, listener: (event: Event) => void) => void;

/** Without query and hash: addresses carry tokens there. */
export function bareUrl(url: unknown): string {
  return String(url).replace(/[?#].*$/s, "");
}

/** Begins to listen; the function it returns ends it. */
export function listening(begin: (listen: Listen) => void): () => void {
  const ends: (() => void)[] = [];
  begin((target, types, listener) => {
    for (const type of types.split(" ")) {
      // In the capturing phase, where also those arrive that do not bubble.
      target?.addEventListener(type, listener, true);
      ends.push(() => target?.removeEventListener(type, listener, true));
    }
  });
  return () => {
    for (const end of ends) end();
  };
}

export function captureReports(page: Window, guard: Guard, take: TakeError): () => void {
  let observer: { observe(): void; disconnect(): void } | undefined;
  const end = listening((listen) => {
    listen(page, "error", ({ target }) =>
      guard.run(() => {
        const { localName, src, href } = (target ?? {}) as Partial<HTMLImageElement & HTMLAnchorElement>;
        const url = src || href;
        if (typeof localName !== "string" || !url) return;
        take({ mechanism: "resource", message: `<${localName}> did not load: ${bareUrl(url)}`, type: "ResourceError" });
      }),
    );
    listen(page.document, "securitypolicyviolation", (event) =>
      guard.run(() => {
        const seen = event as SecurityPolicyViolationEvent;
        const { effectiveDirective, blockedURI, sourceFile, lineNumber, columnNumber, disposition } = seen;
        if (isOwnUrl(blockedURI)) return;
        const isEnforced = disposition === "enforce";
        take({
          mechanism: "csp",
          type: "SecurityPolicyViolation",
          level: isEnforced ? "error" : "warn",
          message: `Content-Security-Policy ${effectiveDirective} ${isEnforced ? "blocked" : "would block"} ${bareUrl(blockedURI)}`,
          file: sourceFile,
          line: lineNumber,
          column: columnNumber,
        });
      }),
    );
    const { ReportingObserver: Observer } = globalThis as {
      ReportingObserver?: new (
        callback: (reports: readonly Report[]) => void,
        options: object,
      ) => NonNullable<typeof observer>;
    };
    observer =
      Observer &&
      new Observer(
        (reports) => {
          for (const { type, body } of reports) {
            const { message, sourceFile: file, lineNumber: line, columnNumber: column } = body ?? {};
            guard.run(() =>
              take({ mechanism: "report", type, level: "warn", message: `${message}`, file, line, column }),
            );
          }
        },
        { types: ["deprecation", "intervention"], buffered: true },
      );
    observer?.observe();
  });
  return () => {
    end();
    observer?.disconnect();
  };
}

interface Report {
  readonly type: string;
  readonly body?: { message?: unknown; sourceFile?: string; lineNumber?: number; columnNumber?: number };
}

/** Navigations and the page's own life as events. */
export function captureNavigation(page: Window, guard: Guard, take: (event: PageEvent) => void): () => void {
  const { navigation } = page as { navigation?: EventTarget };
  const history = navigation ? [navigation, "currententrychange"] : [page, "popstate hashchange"];
  let url = page.location.href;
  return listening((listen) => {
    listen(history[0] as EventTarget, history[1] as string, (event) =>
      guard.run(() => {
        const before = url;
        url = page.location.href;
        const to = bareUrl(url);
        const type = (event as { navigationType?: string | null }).navigationType ?? "traverse";
        if (url === before) return;
        take({
          eventName: "browser.navigation",
          body: `navigation (${type}) to ${to}`,
          attributes: {
            "url.full": to,
            "browser.navigation.type": type,
            "browser.navigation.same_document": true,
            "browser.navigation.hash_change": url.replace(/#.*/, "") === before.replace(/#.*/, ""),
          },
        });
      }),
    );
    const tell = (state: string): void =>
      guard.run(() =>
        take({
          eventName: "devmux.page.lifecycle",
          body: `page ${state}`,
          attributes: { "devmux.page.state": state },
        }),
      );
    listen(page.document, "visibilitychange", () => tell(page.document.visibilityState));
    listen(page.document, "freeze resume", ({ type }) => tell(type === "freeze" ? "frozen" : "resumed"));
    listen(page, "pageshow", (event) => (event as PageTransitionEvent).persisted && tell("restored"));
    listen(page, "online offline", ({ type }) => tell(type));
  });
}
