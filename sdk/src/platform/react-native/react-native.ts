// React Native and Expo on a device. Imports no React Native: globals, and what the app hands over.

import { seeError } from "../../capture/uncaught.ts";
import type { Platform } from "../platform.ts";
import { devHost, devOs, reachableUrl } from "./dev-machine.ts";
import type { ReactNativeParts } from "./uncaught.ts";
import { captureNative, rejectionIn } from "./uncaught.ts";

/** Undefined where this is none. */
export function reactNativePlatform(parts: ReactNativeParts = {}): Platform | undefined {
  const { navigator, expo } = globalThis as { navigator?: { product?: string }; expo?: unknown };
  if (navigator?.product !== "ReactNative") return undefined;
  // In development every frame is of the bundle, with its address.
  const stack = new Error().stack ?? "";
  const os = parts.Platform?.OS ?? devOs(stack);
  return {
    describe: () => ({ kind: expo == null ? "react-native" : "expo", bundler: "metro", ...(os && { os }) }),
    serviceName: "",
    console: globalThis.console,
    serverUrl: (url) => reachableUrl(url, devHost(globalThis, stack)),
    capture: (see, guard) => captureNative(parts, guard, seeError(see)),
    rejectionIn,
    watchLifecycle({ comeBack, flush }) {
      const subscription = parts.AppState?.addEventListener("change", (state) => {
        if (state === "active") comeBack();
        else void flush();
      });
      return () => subscription?.remove();
    },
  };
}
