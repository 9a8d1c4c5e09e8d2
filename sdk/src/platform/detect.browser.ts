// Which platform this is, for browsers: detect.ts without what only Node has.

export { browserPlatform as detectPlatform } from "./browser.ts";
