// Browsers: windows and workers.

import { bareUrl, listening } from "../capture/listening.ts";
import type { Platform } from "./platform.ts";

/** Undefined where this is none. */
export function browserPlatform(): Platform | undefined {
  const { document: page, location, navigator } = globalThis as Partial<typeof globalThis>;
  if (!page && !("WorkerGlobalScope" in globalThis)) return undefined;
  const href = (): string => location?.href ?? "";
  return {
    describe: () => ({ kind: "browser", url: bareUrl(href()), userAgent: navigator?.userAgent ?? "" }),
    serviceName: location?.host ?? "",
    console: globalThis.console,
    href,
    capture(wanted, see) {
      return listening((listen) => {
        const listener = (event: Event): void => {
          const { reason, error, message, type } = event as PromiseRejectionEvent & ErrorEvent;
          see({ event, url: href(), args: [reason ?? error ?? message ?? type] });
        };
        if (wanted.errors)
          listen(globalThis, "error unhandledrejection rejectionhandled securitypolicyviolation", listener);
        if (!wanted.navigation || !page) return;
        const { navigation } = globalThis as { navigation?: EventTarget };
        listen(navigation ?? globalThis, navigation ? "currententrychange" : "popstate hashchange", listener);
        listen(page, "visibilitychange freeze resume", listener);
        listen(globalThis, "pageshow online offline", listener);
      });
    },
    watchLifecycle({ comeBack, flush, leave }) {
      return listening((listen) => {
        listen(globalThis, "online focus pageshow", comeBack);
        listen(page, "resume", comeBack);
        listen(page, "visibilitychange", () => (page?.visibilityState === "hidden" ? flush() : comeBack()));
        // Closing the socket also lets the page into the back-forward cache.
        listen(globalThis, "pagehide", (event) => leave("page-unload", !(event as PageTransitionEvent).persisted));
        listen(page, "freeze", () => leave("page-freeze", false));
      });
    },
  };
}
