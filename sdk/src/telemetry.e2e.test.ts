// The built bundle in a real Chromium, against a collector on a real socket.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type * as Sdk from "./index.ts";
import { launchChromium, type PageServer, servePages } from "./testing/chromium.ts";
import { type CollectorDouble, createCollectorDouble } from "./testing/collector-double.ts";

declare global {
  /** What the test pages put in place. */
  var sdk: typeof Sdk;
  var telemetry: Sdk.Telemetry;
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
window.reject = function reject() {
  void Promise.reject(Object.assign(new Error("rejected"), { code: "E42" }));
};
`;

const indexPage = `<!doctype html><title>t</title>
<script type="module">import * as sdk from "/devmux-telemetry.js"; window.sdk = sdk; window.ready = true;</script>
<script src="/app.js"></script>`;

let browser: Browser;
let pages: PageServer;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  // The app's own copy of OTel's API, as any library in the page has one; and the client as a bundler builds it for
  // production.
  const api = await bundle('export { logs } from "@opentelemetry/api";');
  const production = await bundle('export * from "../dist/browser/index.js";', {
    "process.env.NODE_ENV": '"production"',
  });
  pages = await servePages({ "/": indexPage, "/app.js": appSource, "/api.js": api, "/production.js": production });
  browser = await launchChromium([`--host-resolver-rules=MAP shop.example 127.0.0.1`]);
});
afterAll(async () => {
  await browser.close();
  await pages.close();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function bundle(contents: string, define: { [name: string]: string } = {}): Promise<string> {
  const stdin = { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
  const { outputFiles } = await build({ stdin, define, bundle: true, format: "esm", write: false });
  return outputFiles[0]?.text ?? "";
}

async function openPage(url: string = pages.url): Promise<Page> {
  const page = await browser.newPage();
  cleanups.push(() => page.close());
  await page.goto(url);
  await page.waitForFunction("window.ready");
  return page;
}

async function startCollector(): Promise<CollectorDouble> {
  const collector = await createCollectorDouble();
  cleanups.push(() => collector.close());
  return collector;
}

async function setUp(): Promise<{ collector: CollectorDouble; page: Page }> {
  const collector = await startCollector();
  const page = await openPage();
  await page.evaluate((serverUrl) => {
    globalThis.telemetry = sdk.initTelemetry({ serverUrl, serviceName: "shop", serviceVersion: "1.2" });
  }, collector.url);
  return { collector, page };
}

test("the six console methods arrive with the plan's severities and their own places", async () => {
  const { collector, page } = await setUp();
  const printed: string[] = [];
  page.on("console", (message) => printed.push(`${message.type()}: ${message.text().split("\n")[0]}`));
  await page.evaluate("Object.values(logs).forEach((log) => log())");
  await collector.until(() => collector.records.length === 6);

  expect(
    collector.records.map(({ body, severityNumber, severityText, attributes }) => [
      severityNumber,
      severityText,
      body,
      attributes["browser.console.method"],
      `${attributes["code.file.path"]}:${attributes["code.line.number"]}:${attributes["code.column.number"]}`,
    ]),
  ).toEqual([
    [9, "log", "a log", "log", `${pages.url}/app.js:2:19`],
    [9, "info", "an info", "info", `${pages.url}/app.js:3:20`],
    [13, "warn", "a warn", "warn", `${pages.url}/app.js:4:20`],
    [17, "error", "an error TypeError: inside", "error", `${pages.url}/app.js:5:21`],
    [5, "debug", "a debug", "debug", `${pages.url}/app.js:6:21`],
    [1, "trace", "a trace", "trace", `${pages.url}/app.js:7:21`],
  ]);
  const [, , , error, , trace] = collector.records;
  expect(error?.attributes).toMatchObject({ "exception.type": "TypeError", "exception.message": "inside" });
  expect(error?.attributes["exception.stacktrace"]).toMatch(/^TypeError: inside\n {4}at .*app\.js:5:39/);
  expect(trace?.attributes["code.stacktrace"]).toMatch(/^ {4}at .*app\.js:7:21/);
  expect(
    collector.records.every(({ eventName, scope }) => eventName === "browser.console" && scope === "devmux.console"),
  ).toBe(true);
  // The console still shows them, once each.
  expect(printed).toEqual([
    "log: a log",
    "info: an info",
    "warning: a warn",
    "error: an error TypeError: inside",
    "debug: a debug",
    "trace: a trace",
  ]);
});

test("the hello tells the page", async () => {
  const { collector } = await setUp();
  await collector.until(() => collector.hellos.length === 1);
  const [hello] = collector.hellos;
  expect(hello?.platform).toMatchObject({
    kind: "browser",
    url: `${pages.url}/`,
    userAgent: expect.stringContaining("Chrome"),
  });
  expect(hello?.resource).toMatchObject({
    "service.name": "shop",
    "service.version": "1.2",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "webjs",
    "telemetry.distro.name": "@chriscode/devmux-telemetry",
  });
});

test("an uncaught error and an unhandled rejection arrive with type, message, stack and place", async () => {
  const { collector, page } = await setUp();
  await page.evaluate("fail()");
  await collector.until(() => collector.records.length === 1);
  await page.evaluate("reject()");
  await collector.until(() => collector.records.length === 2);
  const [thrown, rejected] = collector.records;
  expect(thrown).toMatchObject({
    eventName: "exception",
    severityNumber: 17,
    severityText: "error",
    body: "RangeError: thrown",
    attributes: {
      "exception.type": "RangeError",
      "exception.message": "thrown",
      "exception.stacktrace": expect.stringMatching(/^RangeError: thrown\n\s+at later .*app\.js:11:11/),
      "devmux.exception.unhandled": true,
      "devmux.exception.mechanism": "error",
      "code.file.path": `${pages.url}/app.js`,
      "code.line.number": 11,
      "code.function.name": "later",
    },
  });
  expect(rejected).toMatchObject({
    body: "Error: rejected",
    attributes: {
      "devmux.exception.mechanism": "unhandledrejection",
      "devmux.exception.details": { type: "Error", code: "E42" },
      "code.line.number": 15,
    },
  });
});

test("records of anyone who uses OTel's API go the same way, in order with the console's", async () => {
  const { collector, page } = await setUp();
  await page.evaluate(`(async () => {
    const { logs } = await import("/api.js");
    const logger = logs.getLogger("cart", "2.0");
    console.log("first");
    const order = { id: 7, lines: [{ sku: "a" }] };
    order.self = order;
    logger.emit({ severityNumber: 9, eventName: "cart.paid", body: order, attributes: { total: 19.9, tags: ["x"] } });
    order.id = 8;
    console.log("last");
    logger.emit({ body: new Proxy({}, { ownKeys() { throw new Error("no"); } }) });
  })()`);
  await collector.until(() => collector.records.length === 4);
  const [first, own, last, hostile] = collector.records;
  expect([first?.body, last?.body]).toEqual(["first", "last"]);
  expect(own).toMatchObject({
    scope: "cart",
    eventName: "cart.paid",
    severityNumber: 9,
    body: { id: 7, lines: [{ sku: "a" }], self: "[Circular $]" },
    attributes: { total: 19.9, tags: ["x"] },
  });
  expect(hostile?.body).toBe("[Proxy: unreadable]");
});

test("what is thrown need not be an error", async () => {
  const { collector, page } = await setUp();
  await page.evaluate(`
    for (const thrown of ["text", null, { a: 1 }, 0]) setTimeout(() => { throw thrown; });
    void Promise.reject(undefined);
    void Promise.reject(Symbol("s"));
    void Promise.reject(new DOMException("given up", "AbortError"));
    setTimeout(() => { throw new Event("odd"); });
  `);
  await collector.until(() => collector.records.length === 8);
  const bodies = collector.records.map(({ body }) => body).sort();
  expect(bodies).toEqual([
    "AbortError: given up",
    "Uncaught 'text'",
    "Uncaught 0",
    "Uncaught Symbol(s)",
    "Uncaught [Event odd]",
    "Uncaught null",
    "Uncaught undefined",
    "Uncaught { a: 1 }",
  ]);
});

test("hostile values of a real page", async () => {
  const { collector, page } = await setUp();
  await page.evaluate(`
    document.body.innerHTML = '<div id="x" class="c1 c2"></div>';
    const node = document.querySelector("#x");
    node.__reactFiber$abc = { huge: node };
    console.log(node, document, window, document.createTextNode("t"), document.body.childNodes);
    node.addEventListener("click", (event) => console.log(event));
    node.click();
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const other = frame.contentWindow;
    console.log(new other.Error("of a frame"), new other.Date(0), new other.Map([[1, 2]]), other.eval("({ a: [1] })"));
    console.log(location, navigator, localStorage);
  `);
  await collector.until(() => collector.records.length === 4);
  const [nodes, event, frame] = collector.records.map(({ body }) => body);
  expect(nodes).toMatch(/^<div#x.c1.c2> \[Document\] \[Window\] \[#text\] NodeList \{/);
  expect(event).toBe("[PointerEvent click target=<div#x.c1.c2>]");
  expect(frame).toBe("Error: of a frame 1970-01-01T00:00:00.000Z Map(1) { 1 => 2 } { a: [1] }");
  expect(collector.records[2]?.attributes["exception.message"]).toBe("of a frame");
});

test("a collector that is killed and comes back: every record of the page, once, in order", async () => {
  const { collector, page } = await setUp();
  await page.evaluate(`
    window.count = 0;
    window.timer = setInterval(() => { for (let i = 0; i < 5; i++) console.log(window.count++); }, 5);
  `);
  await collector.until(() => collector.records.length > 200);
  await collector.kill();
  const before = collector.records.length;
  // While nobody is there the page logs on.
  await page.waitForFunction(`window.count > ${before + 300}`);
  await collector.restart();
  await collector.until(() => collector.records.length > before + 300);
  const count = await page.evaluate<number>("(clearInterval(timer), window.count)");
  await collector.until(() => collector.records.length >= count);
  // What the one that died had taken without saying so comes to the new one again, under the same identity.
  const uids = new Map(collector.records.map(({ uid, body }) => [uid, Number(body)]));
  expect([...uids.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
});

test("2,000 records in one burst arrive in order", async () => {
  const { collector, page } = await setUp();
  await page.evaluate("for (let i = 0; i < 2000; i++) console.log('line', i)");
  await collector.until(() => collector.records.length === 2_000);
  expect(collector.records.map(({ body }) => body)).toEqual(
    Array.from({ length: 2_000 }, (_, index) => `line ${index}`),
  );
});

test("a page of another machine is left alone, unless it asks", async () => {
  const collector = await startCollector();
  const page = await openPage(`http://shop.example:${pages.port}/`);
  const state = await page.evaluate((serverUrl) => {
    const { log } = console;
    const { enabled } = sdk.initTelemetry({ serverUrl });
    console.log("not captured");
    return { enabled, untouched: console.log === log };
  }, collector.url);
  expect(state).toEqual({ enabled: false, untouched: true });
  expect(
    await page.evaluate((serverUrl) => sdk.initTelemetry({ serverUrl, enabled: true }).enabled, collector.url),
  ).toBe(true);
  await collector.until(() => collector.connections === 1);
  expect(collector.records).toEqual([]);
});

test("a production build is left alone, on this machine too", async () => {
  const collector = await startCollector();
  const page = await openPage();
  const state = await page.evaluate(`(async () => {
    const { initTelemetry } = await import("/production.js");
    const { log } = console;
    const { enabled } = initTelemetry({ serverUrl: "${collector.url}" });
    return { enabled, untouched: console.log === log };
  })()`);
  expect(state).toEqual({ enabled: false, untouched: true });
  expect(collector.connections).toBe(0);
});

test("two copies of the bundle and ten starts are one client; other options replace it", async () => {
  const { collector, page } = await setUp();
  const same = await page.evaluate(`(async () => {
    const copy = await import("/devmux-telemetry.js?copy=2");
    const options = { serverUrl: "${collector.url}", serviceName: "shop", serviceVersion: "1.2" };
    const handles = new Set(Array.from({ length: 10 }, (_, index) => (index % 2 ? copy : sdk).initTelemetry({ ...options })));
    console.log("once");
    return copy !== sdk && handles.size === 1 && handles.has(telemetry);
  })()`);
  expect(same).toBe(true);
  await collector.until(() => collector.records.length === 1);
  await page.evaluate((serverUrl) => {
    globalThis.telemetry = sdk.initTelemetry({ serverUrl, serviceName: "other" });
    console.log("twice");
  }, collector.url);
  await collector.until(() => collector.records.length === 2);
  await page.evaluate("telemetry.flush()");
  expect(collector.records.map(({ body }) => body)).toEqual(["once", "twice"]);
  expect(collector.hellos.map(({ resource }) => resource["service.name"])).toEqual(["shop", "other"]);
  expect(collector.connections).toBe(2);
});

test("shutdown gives the console back, and closes", async () => {
  const collector = await startCollector();
  const page = await openPage();
  const restored = await page.evaluate(async (serverUrl) => {
    const before = { ...console };
    sdk.initTelemetry({ serverUrl });
    console.log("last words");
    await sdk.shutdownTelemetry();
    await sdk.shutdownTelemetry();
    const methods = Object.entries(before).filter(([, value]) => typeof value === "function");
    return methods.length > 20 && methods.every(([key, value]) => console[key as keyof Console] === value);
  }, collector.url);
  expect(restored).toBe(true);
  await collector.until(() => collector.messages.at(-1) === "goodbye");
  expect(collector.records.map(({ body }) => body)).toEqual(["last words"]);
});

test("without a collector the page notices nothing", async () => {
  const collector = await startCollector();
  await collector.kill();
  const page = await openPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const took = await page.evaluate(async (serverUrl) => {
    const handle = sdk.initTelemetry({ serverUrl, rate: { burst: 1e6 } });
    const started = performance.now();
    for (let i = 0; i < 10_000; i++) console.log("a line of usual length, number", i, { some: "object" });
    await handle.flush();
    return { ms: performance.now() - started, ...handle.status };
  }, collector.url);
  // One of them is the beginning of the session.
  expect(took).toMatchObject({ buffered: 5_000, dropped: 5_001, problems: [] });
  // The tools of this test look at each line too, on a machine that may be busy.
  expect(took.ms).toBeLessThan(20_000);
  expect(errors).toEqual([]);
});

test("a page that is left says goodbye", async () => {
  const { collector, page } = await setUp();
  await page.evaluate("addEventListener('pagehide', () => console.log('leaving')); console.log('here')");
  await collector.until(() => collector.records.length === 1);
  await page.goto(`${pages.url}/app.js`);
  await collector.until(() => collector.messages.includes("goodbye"));
});
