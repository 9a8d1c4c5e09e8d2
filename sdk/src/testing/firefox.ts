// The system's Firefox, for tests: driven by WebDriver BiDi, which a Firefox speaks as it is shipped.

import { existsSync } from "node:fs";
import puppeteer, { type Browser } from "puppeteer-core";

const executables = [
  process.env.DEVMUX_FIREFOX ?? "",
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** Undefined where there is none: what is shown in Chromium is then not shown here. */
export function findFirefox(): string | undefined {
  return executables.find((path) => path !== "" && existsSync(path));
}

export function launchFirefox(): Promise<Browser> {
  const executablePath = findFirefox();
  if (executablePath === undefined)
    throw new Error("expected Firefox at /usr/bin/firefox-esr; install it, or set DEVMUX_FIREFOX to its path");
  return puppeteer.launch({ browser: "firefox", executablePath, headless: true });
}
