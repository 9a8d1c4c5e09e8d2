// Browsers: windows and workers.

import { captureUncaught } from "../capture/uncaught.ts";
import type { Lifecycle, Platform } from "./platform.ts";

export function isBrowser(): boolean {
  return (
    typeof document !== "undefined" ||
    typeof (globalThis as { WorkerGlobalScope?: unknown }).WorkerGlobalScope === "function"
  );
}

export function createBrowserPlatform(): Platform {
  return {
    describe() {
      const { userAgent, userAgentData } = navigator as Navigator & { userAgentData?: { platform?: string } };
      const url = pageUrl();
      const os = userAgentData?.platform;
      return {
        kind: "browser",
        ...(url !== "" && { url }),
        ...(userAgent && { userAgent }),
        ...(os && { os: os.toLowerCase() }),
      };
    },
    get serviceName() {
      return globalThis.location?.host || "unknown_service";
    },
    console: globalThis.console,
    captureErrors: (guard, take) => captureUncaught(globalThis, guard, take),
    watchLifecycle,
  };
}

/** Without query and hash: addresses carry tokens there. */
function pageUrl(): string {
  const { origin, pathname, protocol } = globalThis.location ?? {};
  if (origin === undefined || origin === "null") return protocol === undefined ? "" : `${protocol}//${pathname}`;
  return origin + pathname;
}

function watchLifecycle({ onReturn, onHide, onLeave }: Lifecycle): () => void {
  const onVisibility = (): void => (document.visibilityState === "hidden" ? onHide() : onReturn());
  const listeners: [EventTarget | undefined, string, (event: Event) => void][] = [
    [globalThis, "online", onReturn],
    [globalThis, "focus", onReturn],
    [globalThis, "pageshow", onReturn],
    // Closing the socket also lets the page into the back-forward cache.
    [globalThis, "pagehide", () => onLeave("page-unload")],
    [globalThis.document, "visibilitychange", onVisibility],
    [globalThis.document, "freeze", () => onLeave("page-frozen")],
    [globalThis.document, "resume", onReturn],
  ];
  for (const [target, type, listener] of listeners) target?.addEventListener(type, listener);
  return () => {
    for (const [target, type, listener] of listeners) target?.removeEventListener(type, listener);
  };
}
