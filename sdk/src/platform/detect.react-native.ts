// Which platform this is, for what Metro bundles: devices, and the web.

import { browserPlatform } from "./browser.ts";
import type { Platform } from "./platform.ts";
import { reachableUrl } from "./react-native/dev-machine.ts";
import { reactNativePlatform } from "./react-native/react-native.ts";
import type { ReactNativeParts } from "./react-native/uncaught.ts";

/** Undefined where there is nothing to capture and no way to send. */
export function detectPlatform(parts?: ReactNativeParts): Platform | undefined {
  const web = browserPlatform();
  // A page that Metro serves to a phone: the collector is where the page comes from.
  const { hostname } = (globalThis as Partial<typeof globalThis>).location ?? {};
  return (
    reactNativePlatform(parts) ?? (web && { ...web, serverUrl: (url) => reachableUrl(url, hostname || undefined) })
  );
}
