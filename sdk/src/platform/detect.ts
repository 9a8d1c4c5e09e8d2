// Which platform this is, for Node's builds. Bundles for browsers have detect.browser.ts in its place.

import { browserPlatform } from "./browser.ts";
import { nodePlatform } from "./node/node.ts";
import type { Platform } from "./platform.ts";
import type { ReactNativeParts } from "./react-native/uncaught.ts";

/** Undefined where there is nothing to capture and no way to send: an edge runtime, an unknown engine. */
export function detectPlatform(_parts?: ReactNativeParts): Platform | undefined {
  return browserPlatform() ?? nodePlatform();
}
