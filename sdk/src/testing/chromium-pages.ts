// What the tests in Chromium have in common: one browser, pages that have the built client, a collector for each test.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { launchChromium, type PageServer, servePages } from "./chromium.ts";
import { type Behaviour, type CollectorDouble, createCollectorDouble } from "./collector-double.ts";

export interface Opened {
  readonly page: Page;
  readonly collector: CollectorDouble;
  /** What was thrown past everyone, and what the page's console printed. */
  readonly errors: string[];
  readonly printed: string[];
}

export interface Pages {
  readonly url: () => string;
  readonly browser: () => Browser;
  /** A collector, and a page at `path` whose `window.ready` is set. */
  open(path?: string, behaviour?: Behaviour): Promise<Opened>;
  /** The same, and the client runs: `window.telemetry`. */
  start(path?: string, behaviour?: Behaviour, options?: object): Promise<Opened>;
}

/** A page that has the client as `window.sdk`. */
export const pageWithClient = (
  head = "",
): string => `<!doctype html><title>t</title><link rel="icon" href="data:,">${head}
<script type="module">import * as sdk from "/devmux-telemetry.js"; window.sdk = sdk; window.ready = true;</script>`;

/** Call it once, outside of any test. `files` as for servePages; `/` is a page with the client. */
export function usePages(
  files: () => Promise<{ readonly [path: string]: string }> | { readonly [path: string]: string },
  ...withoutArguments: readonly string[]
): Pages {
  let browser: Browser;
  let server: PageServer;
  const cleanups: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    server = await servePages({ "/": pageWithClient(), ...(await files()) });
    browser = await launchChromium([], withoutArguments);
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  const open: Pages["open"] = async (path = "/", behaviour = {}) => {
    const collector = await createCollectorDouble(behaviour);
    cleanups.push(() => collector.close());
    const page = await browser.newPage();
    cleanups.push(() => page.close());
    const errors: string[] = [];
    const printed: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => printed.push(message.text()));
    await page.goto(server.url + path);
    await page.waitForFunction("window.ready");
    return { page, collector, errors, printed };
  };
  return {
    url: () => server.url,
    browser: () => browser,
    open,
    async start(path, behaviour, options = {}) {
      const opened = await open(path, behaviour);
      const all = JSON.stringify({ serverUrl: opened.collector.url, serviceName: "shop", ...options });
      await opened.page.evaluate(`void (window.telemetry = sdk.initTelemetry(${all}))`);
      return opened;
    },
  };
}
