// Browsers: windows and workers.

import { bareUrl, listening } from "../capture/listening.ts";
import type { Platform } from "./platform.ts";

/** Undefined where this is none. */
export function browserPlatform(): Platform | undefined {
  const { document: page, location, navigator } = globalThis as Partial<typeof globalThis>;
  if (!page && !("WorkerGlobalScope" in globalThis)) return undefined;
  return {
    describe: () => ({ kind: "browser", url: bareUrl(location?.href ?? ""), userAgent: navigator?.userAgent ?? "" }),
    serviceName: location?.host ?? "",
    console: globalThis.console,
    capture(see) {
      return listening((listen) => {
        listen(globalThis, "error unhandledrejection rejectionhandled securitypolicyviolation", (event) => {
          const { reason, error, message, type } = event as PromiseRejectionEvent & ErrorEvent;
          see({ event, args: [reason ?? error ?? message ?? type] });
        });
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
