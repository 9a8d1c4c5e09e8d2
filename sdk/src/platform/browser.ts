// Browsers: windows and workers.

import { bareUrl, captureNavigation, captureReports, listening } from "../capture/page.ts";
import { captureUncaught } from "../capture/uncaught.ts";
import type { Platform } from "./platform.ts";

/** Undefined where this is none. */
export function browserPlatform(): Platform | undefined {
  if (typeof document === "undefined" && !("WorkerGlobalScope" in globalThis)) return undefined;
  const { document: page, location, navigator } = globalThis as Partial<typeof globalThis>;
  const url = (): string => bareUrl(location?.href ?? "");
  return {
    describe: () => ({ kind: "browser", url: url(), userAgent: navigator?.userAgent ?? "" }),
    serviceName: location?.host ?? "",
    console: globalThis.console,
    captureErrors(guard, take) {
      const ends = [captureUncaught(globalThis, guard, take), page && captureReports(window, guard, take)];
      return () => {
        for (const end of ends) end?.();
      };
    },
    ...(page && {
      captureNavigation: (guard, take) => captureNavigation(window, guard, take),
      session: () => ({
        "url.full": url(),
        "devmux.viewport.width": window.innerWidth,
        "devmux.viewport.height": window.innerHeight,
      }),
    }),
    watchLifecycle({ onReturn, onHide, onLeave }) {
      return listening((listen) => {
        listen(globalThis, "online focus pageshow", onReturn);
        listen(page, "resume", onReturn);
        listen(page, "visibilitychange", () => (page?.visibilityState === "hidden" ? onHide() : onReturn()));
        // Closing the socket also lets the page into the back-forward cache.
        listen(globalThis, "pagehide", (event) => onLeave("page-unload", !(event as PageTransitionEvent).persisted));
        listen(page, "freeze", () => onLeave("page-freeze", false));
      });
    },
  };
}
