// Which platform this is, for browsers: detect.ts without what only Node has.

import { browserPlatform } from "./browser.ts";
import type { Platform } from "./platform.ts";

export function detectPlatform(): Platform | undefined {
  return browserPlatform();
}
