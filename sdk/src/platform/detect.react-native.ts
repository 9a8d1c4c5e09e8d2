// Which platform this is, for what Metro bundles: devices, and the web.

import { browserPlatform } from "./browser.ts";
import type { Platform } from "./platform.ts";
import { reactNativePlatform } from "./react-native/react-native.ts";
import type { ReactNativeParts } from "./react-native/uncaught.ts";

/** Undefined where there is nothing to capture and no way to send. */
export function detectPlatform(parts?: ReactNativeParts): Platform | undefined {
  return reactNativePlatform(parts) ?? browserPlatform();
}
