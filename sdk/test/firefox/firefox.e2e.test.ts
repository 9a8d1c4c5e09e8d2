// The built bundle in a stock Firefox: the console with its places, errors, the survival rows, a collector that dies, and a
// page that is left. Skipped, with one line, where there is no Firefox.

import type { Browser, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type * as Sdk from "../../src/index.ts";
import { type PageServer, servePages } from "../../src/testing/chromium.ts";
import { type CollectorDouble, createCollectorDouble } from "../../src/testing/collector-double.ts";
import { findFirefox, launchFirefox } from "../../src/testing/firefox.ts";
import { rows } from "../../src/testing/rows/rows.ts";
import { pageOfRows, type Result } from "../survival/engines.ts";
import { recordsOf, textOf } from "../survival/records.ts";

declare global {
  /** What the test pages put in place. */
  var sdk: typeof Sdk;
}

// Line numbers count: the test says where each call is.
const appSource = `window.logs = {
  log() { console.log("a log"); },
  info() { console.info("an info"); },
  warn() { console.warn("a warn"); },
  error() { console.error("an error", new TypeError("inside")); },
  debug() { console.debug("a debug"); },
  trace() { console.trace("a trace"); },
};
window.fail = function fail() {
  setTimeout(function later() {
    throw new RangeError("thrown");
  });
};
`;
const indexPage = `<!doctype html><title>t</title><link rel="icon" href="data:,">
<script type="module">import * as sdk from "/devmux-telemetry.js"; window.sdk = sdk; window.ready = true;</script>
<script src="/app.js"></script>`;

const hasFirefox = findFirefox() !== undefined;
if (!hasFirefox) console.warn("Firefox is not installed (firefox-esr): what it does is not shown in this run");

describe.skipIf(!hasFirefox)("in Firefox", () => {
  let browser: Browser;
  let pages: PageServer;
  const cleanups: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    pages = await servePages({
      "/": indexPage,
      "/app.js": appSource,
      "/other": "<!doctype html><title>other</title>",
      ...(await pageOfRows()),
    });
    browser = await launchFirefox();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function open(path: string, ready: string): Promise<{ collector: CollectorDouble; page: Page }> {
    const collector = await createCollectorDouble();
    cleanups.push(() => collector.close());
    const page = await browser.newPage();
    cleanups.push(() => page.close());
    await page.goto(pages.url + path);
    await page.waitForFunction(ready);
    return { collector, page };
  }

  async function setUp(): Promise<{ collector: CollectorDouble; page: Page }> {
    const opened = await open("/", "window.ready");
    await opened.page.evaluate(`window.telemetry = sdk.initTelemetry({ serverUrl: "${opened.collector.url}" }); 0`);
    return opened;
  }

  test("the console's methods arrive with their places, and print what they did", async () => {
    const { collector, page } = await setUp();
    const printed: string[] = [];
    page.on("console", (message) => printed.push(`${message.type()} ${message.text()}`));
    await page.evaluate("Object.values(logs).forEach((log) => log())");
    await collector.until(() => collector.records.length === 6);
    expect(
      collector.records.map(({ severityText, body, attributes }) => [
        severityText,
        body,
        `${attributes["code.file.path"]}:${attributes["code.line.number"]}:${attributes["code.column.number"]}`,
        attributes["code.function.name"],
      ]),
    ).toEqual([
      ["log", "a log", `${pages.url}/app.js:2:19`, "log"],
      ["info", "an info", `${pages.url}/app.js:3:20`, "info"],
      ["warn", "a warn", `${pages.url}/app.js:4:20`, "warn"],
      ["error", "an error TypeError: inside", `${pages.url}/app.js:5:21`, "error"],
      ["debug", "a debug", `${pages.url}/app.js:6:21`, "debug"],
      ["trace", "a trace", `${pages.url}/app.js:7:21`, "trace"],
    ]);
    expect(collector.records[3]?.attributes["exception.stacktrace"]).toMatch(
      /^TypeError: inside\nerror@http.*app\.js:5:39/,
    );
    expect(collector.records[5]?.attributes["code.stacktrace"]).toMatch(/^trace@http.*app\.js:7:21/);
    expect(printed.map((line) => line.split(" ").slice(1, 3).join(" "))).toEqual([
      "a log",
      "an info",
      "a warn",
      "an error",
      "a debug",
      "a trace",
    ]);
    expect(collector.hellos[0]?.platform).toMatchObject({
      kind: "browser",
      userAgent: expect.stringMatching(/Firefox/),
    });
  });

  test("an uncaught error, a rejection, and one that is handled late", async () => {
    const { collector, page } = await setUp();
    await page.evaluate("fail()");
    await collector.until(() => collector.records.length === 1);
    await page.evaluate(`new Promise((resolve) => {
      addEventListener("rejectionhandled", () => setTimeout(resolve, 50));
      const promise = Promise.reject(Object.assign(new Error("rejected"), { code: "E42" }));
      setTimeout(() => promise.catch(() => {}), 100);
    })`);
    await collector.until(() => collector.events.some(({ eventName }) => eventName === "devmux.exception.handled"));
    const [thrown, rejected] = collector.records;
    expect(thrown).toMatchObject({
      eventName: "exception",
      body: "RangeError: thrown",
      attributes: {
        "exception.stacktrace": expect.stringMatching(/^RangeError: thrown\nlater@.*app\.js:11:11/),
        "devmux.exception.unhandled": true,
        "code.line.number": 11,
        "code.function.name": "later",
      },
    });
    expect(rejected).toMatchObject({
      body: "Error: rejected",
      attributes: {
        "devmux.exception.mechanism": "unhandledrejection",
        "devmux.exception.details": { type: "Error", code: "E42" },
      },
    });
  });

  test("the law holds for every row of the survival table", async () => {
    const { collector, page } = await open("/rows", "globalThis.survive");
    const printed: string[] = [];
    page.on("console", (message) => printed.push(message.text()));
    const { survivals, problems } = (await page.evaluate(`survive("${collector.url}")`)) as Result;
    expect([problems, printed]).toEqual([[], []]);
    expect(survivals.filter(({ faults }) => faults.length > 0)).toEqual([]);
    for (const [index, row] of rows.entries()) {
      if (survivals[index]?.isMissing) continue;
      const records = recordsOf(collector.records, index);
      expect(
        records.every(({ bytes }) => bytes <= 65_536),
        row.name,
      ).toBe(true);
      if (typeof row.expected === "string") expect(textOf(row, records), row.name).toBe(row.expected);
      else expect(textOf(row, records), row.name).toMatch(row.expected);
    }
  }, 120_000);

  test("a collector that is killed and comes back: every record, once, in order", async () => {
    const { collector, page } = await setUp();
    await page.evaluate(`window.count = 0;
      window.timer = setInterval(() => { for (let i = 0; i < 5; i++) console.log(window.count++); }, 5); 0`);
    await collector.until(() => collector.records.length > 200);
    await collector.kill();
    const before = collector.records.length;
    await page.waitForFunction(`window.count > ${before + 300}`);
    await collector.restart();
    await collector.until(() => collector.records.length > before + 300);
    const count = Number(await page.evaluate("(clearInterval(timer), window.count)"));
    await collector.until(() => collector.records.length >= count);
    const uids = new Map(collector.records.map(({ uid, body }) => [uid, Number(body)]));
    expect([...uids.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  // Its socket is closed before that; all keepalive requests together have room for 64 KiB.
  test("what is logged while a page is left arrives", async () => {
    const { collector, page } = await setUp();
    await page.evaluate(
      "addEventListener('pagehide', () => { for (let i = 0; i < 60; i++) console.log('leaving', i); }); 0",
    );
    await page.evaluate("telemetry.flush()");
    await page.goto(`${pages.url}/other`);
    await collector.until(() => collector.records.length >= 60);
    expect(new Set(collector.records.map(({ uid }) => uid)).size).toBe(60);
  });
});
