// Which platform this is.

import { browserPlatform } from "./browser.ts";
import type { Platform } from "./platform.ts";

/** Undefined where there is nothing to capture and no way to send: an edge runtime, an unknown engine. */
export function detectPlatform(): Platform | undefined {
  return browserPlatform();
}
