// Browsers: windows and workers.

import { captureUncaught } from "../capture/uncaught.ts";
import type { Platform } from "./platform.ts";

/** Undefined where this is none. */
export function browserPlatform(): Platform | undefined {
  if (typeof document === "undefined" && !("WorkerGlobalScope" in globalThis)) return undefined;
  const { document: page, location, navigator } = globalThis as Partial<typeof globalThis>;
  return {
    describe() {
      return {
        kind: "browser",
        // Without query and hash: addresses carry tokens there.
        url: location?.href.replace(/[?#].*$/s, "") ?? "",
        userAgent: navigator?.userAgent ?? "",
      };
    },
    serviceName: location?.host ?? "",
    console: globalThis.console,
    captureErrors: (guard, take) => captureUncaught(globalThis, guard, take),
    watchLifecycle({ onReturn, onHide, onLeave }) {
      const ends: (() => void)[] = [];
      const listen = (target: EventTarget | undefined, types: string, listener: () => void): void => {
        for (const type of types.split(" ")) {
          target?.addEventListener(type, listener);
          ends.push(() => target?.removeEventListener(type, listener));
        }
      };
      listen(globalThis, "online focus pageshow", onReturn);
      listen(page, "visibilitychange", () => (page?.visibilityState === "hidden" ? onHide() : onReturn()));
      // Closing the socket also lets the page into the back-forward cache.
      listen(globalThis, "pagehide", () => onLeave("page-unload"));
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
