// What surfaces in a real page in several places or outside its code: one record for each crash, and what becomes of the
// page itself. Against a collector on a real socket.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchChromium, type PageServer, servePages } from "./testing/chromium.ts";
import { type CollectorDouble, createCollectorDouble } from "./testing/collector-double.ts";

const policy = `<meta http-equiv="Content-Security-Policy" content="img-src 'self'">`;
const indexPage = (head = ""): string => `<!doctype html><title>t</title>${head}<div id="root"></div>
<script type="module">import * as sdk from "/devmux-telemetry.js"; window.sdk = sdk; window.ready = true;</script>`;

let browser: Browser;
let pages: PageServer;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const react = await build({
    stdin: {
      contents: `export * as React from "react"; export { createRoot } from "react-dom/client"; export * from "../dist/react.js";`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    define: { "process.env.NODE_ENV": '"development"' },
    bundle: true,
    format: "esm",
    write: false,
  });
  pages = await servePages({
    "/": indexPage(),
    "/policy": indexPage(policy),
    "/other": "<!doctype html><title>other</title>",
    "/react.js": react.outputFiles[0]?.text ?? "",
  });
  browser = await launchChromium([], ["--disable-back-forward-cache"]);
});
afterAll(async () => {
  await browser.close();
  await pages.close();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function setUp(path = "/", before = ""): Promise<{ collector: CollectorDouble; page: Page }> {
  const collector = await createCollectorDouble();
  cleanups.push(() => collector.close());
  const page = await browser.newPage();
  cleanups.push(() => page.close());
  await page.goto(pages.url + path);
  await page.waitForFunction("window.ready");
  if (before) await page.evaluate(before);
  await page.evaluate(`window.telemetry = sdk.initTelemetry({ serverUrl: "${collector.url}", serviceName: "shop" })`);
  return { collector, page };
}

/** All that has arrived once what was captured so far is acknowledged. */
async function settled(page: Page, collector: CollectorDouble) {
  await page.evaluate("telemetry.flush()");
  return collector.records.map(({ body, eventName, severityText, attributes }) => ({
    body,
    eventName,
    severityText,
    sources: attributes["devmux.exception.sources"],
    messages: attributes["devmux.exception.messages"],
    unhandled: attributes["devmux.exception.unhandled"],
    attributes,
  }));
}

test("an error that is logged, then thrown, is one record of both", async () => {
  const { collector, page } = await setUp();
  await page.evaluate(`new Promise((resolve) => {
    addEventListener("error", () => setTimeout(resolve, 50));
    setTimeout(() => { const e = new TypeError("bad"); console.error("payment failed", e); throw e; });
  })`);
  expect(await settled(page, collector)).toMatchObject([
    {
      body: "TypeError: bad",
      eventName: "exception",
      sources: ["console.error", "error"],
      messages: ["payment failed TypeError: bad"],
      unhandled: true,
      attributes: { "exception.type": "TypeError", "devmux.exception.mechanism": "error" },
    },
  ]);
});

test("a rejection that its handlers log is one record; the same error logged on purpose is two", async () => {
  const { collector, page } = await setUp();
  await page.evaluate(`new Promise((resolve) => {
    addEventListener("unhandledrejection", ({ reason }) => { console.error(reason); setTimeout(resolve, 50); });
    void Promise.reject(new Error("refused"));
  })`);
  await page.evaluate(`{ const e = new Error("kept"); console.error(e); console.error("again", e); }`);
  const records = await settled(page, collector);
  expect(records.map(({ body, sources }) => [body, sources])).toEqual([
    ["Error: refused", ["unhandledrejection", "console.error"]],
    ["Error: kept", undefined],
    ["again Error: kept", undefined],
  ]);
});

test("a rejection that is handled late is told, with the first record's id", async () => {
  const { collector, page } = await setUp();
  await page.evaluate(`new Promise((resolve) => {
    addEventListener("rejectionhandled", () => setTimeout(resolve, 50));
    const promise = Promise.reject(new Error("late"));
    setTimeout(() => promise.catch(() => {}), 100);
  })`);
  const [first] = await settled(page, collector);
  const late = collector.events.find(({ eventName }) => eventName === "devmux.exception.handled");
  expect(late?.body).toBe("handled late: Error: late");
  expect(late?.attributes["devmux.exception.id"]).toBe(first?.attributes["devmux.exception.id"]);
});

const reactApp = `import("/react.js").then(({ React, createRoot, createErrorBoundary, reactErrorHandlers }) => {
  const Broken = () => { throw new RangeError("render"); };
  const Boundary = createErrorBoundary(React);
  window.render = (withHandlers, withBoundary) => createRoot(document.querySelector("#root"), withHandlers ? reactErrorHandlers() : {})
    .render(withBoundary ? React.createElement(Boundary, { fallback: (e) => "sorry: " + e.message }, React.createElement(Broken)) : React.createElement(Broken));
})`;

test("a component that fails under our boundary is one record with its components", async () => {
  const { collector, page } = await setUp("/", reactApp);
  await page.evaluate("render(false, true)");
  await page.waitForFunction("document.querySelector('#root').textContent === 'sorry: render'");
  const records = await settled(page, collector);
  expect(records).toMatchObject([
    { body: "RangeError: render", sources: ["console.error", "react"], severityText: "error" },
  ]);
  expect(records[0]?.unhandled).toBeUndefined();
  expect(records[0]?.attributes["devmux.react.component_stack"]).toMatch(/at Broken/);
});

test("a component that fails with no boundary is one record, with the root's handlers and without", async () => {
  for (const withHandlers of [false, true]) {
    const { collector, page } = await setUp("/", reactApp);
    const thrown = page.waitForEvent("pageerror");
    await page.evaluate(`render(${withHandlers}, false)`);
    await thrown;
    const records = await settled(page, collector);
    expect(records).toMatchObject([{ body: "RangeError: render", unhandled: true }]);
    expect(records[0]?.sources).toEqual(withHandlers ? ["react", "error"] : ["error", "console.warn"]);
  }
});

test("a resource that does not load, a policy and a deprecated call are a record each", async () => {
  const { collector, page } = await setUp("/policy");
  await page.evaluate(`new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", () => setTimeout(resolve, 200));
    document.body.insertAdjacentHTML("beforeend", '<link rel="stylesheet" href="/missing.css?token=1">');
    document.querySelector("link").addEventListener("error", () => { new Image().src = "http://127.0.0.1:1/x.png?secret"; });
    const old = new XMLHttpRequest();
    old.open("GET", "/other", false);
    old.send();
  })`);
  await collector.until(() =>
    collector.records.some(({ attributes }) => attributes["devmux.exception.mechanism"] === "report"),
  );
  const records = await settled(page, collector);
  expect(
    records.map(({ body, severityText, attributes }) => [severityText, body, attributes["devmux.exception.mechanism"]]),
  ).toEqual(
    expect.arrayContaining([
      ["error", `<link> did not load: ${pages.url}/missing.css`, "resource"],
      ["error", "Content-Security-Policy img-src blocked http://127.0.0.1:1/x.png", "csp"],
      ["warn", expect.stringMatching(/^Synchronous .* on the main thread is deprecated/), "report"],
    ]),
  );
  expect(JSON.stringify(records)).not.toMatch(/secret|token=1/);
});

test("a handler of the page's own stays what it was, with what it returns", async () => {
  const { collector, page } = await setUp(
    "/",
    "window.seen = []; window.onerror = (text) => { seen.push(text); return true; }",
  );
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  const result = await page.evaluate(`new Promise((resolve) => {
    const own = window.onerror;
    addEventListener("error", (event) => setTimeout(() => resolve([window.onerror === own, event.defaultPrevented, seen])));
    setTimeout(() => { throw new Error("mine"); });
  })`);
  // That it returns true keeps the browser from printing the error, as ever.
  expect([result, errors]).toEqual([[true, true, ["Uncaught Error: mine"]], []]);
  expect(await settled(page, collector)).toMatchObject([{ body: "Error: mine", unhandled: true }]);
});

test("noise of the browser is of low severity, and an error of another origin says why it is empty", async () => {
  const { collector, page } = await setUp();
  await page.evaluate(`
    dispatchEvent(new ErrorEvent("error", { message: "ResizeObserver loop completed with undelivered notifications." }));
    dispatchEvent(new ErrorEvent("error", { message: "Script error." }));
  `);
  expect(await settled(page, collector)).toMatchObject([
    { severityText: "debug", body: expect.stringMatching(/^ResizeObserver/) },
    { severityText: "error", body: expect.stringMatching(/^Script error\. .*crossorigin/) },
  ]);
});

test("a session begins and ends, a tab knows the one before, and navigations are told", async () => {
  const { collector, page } = await setUp();
  await page.evaluate("history.pushState({}, '', '/cart?secret=1')");
  await page.evaluate("telemetry.flush()");
  const [start, navigation] = collector.events;
  expect(start).toMatchObject({
    eventName: "session.start",
    attributes: { "url.full": `${pages.url}/`, "devmux.viewport.width": expect.any(Number) },
  });
  expect(start?.attributes["session.id"]).toBe(collector.hellos[0]?.resource["session.id"]);
  expect(navigation).toMatchObject({
    eventName: "browser.navigation",
    attributes: { "url.full": `${pages.url}/cart`, "browser.navigation.type": "push" },
  });
  await page.goto(pages.url);
  await page.waitForFunction("window.ready");
  await page.evaluate(`window.telemetry = sdk.initTelemetry({ serverUrl: "${collector.url}", serviceName: "shop" })`);
  await page.evaluate("telemetry.flush()");
  const again = collector.events.filter(({ eventName }) => eventName === "session.start")[1];
  expect(again?.attributes["session.previous_id"]).toBe(start?.attributes["session.id"]);
  await page.evaluate("telemetry.shutdown()");
  await collector.until(() => collector.events.at(-1)?.eventName === "session.end");
  expect(collector.events.at(-1)?.attributes["session.id"]).toBe(again?.attributes["session.id"]);
});

test("what is logged while a page is left arrives, each time", async () => {
  for (let round = 0; round < 5; round++) {
    const { collector, page } = await setUp();
    await page.evaluate(
      "addEventListener('pagehide', () => { for (let i = 0; i < 100; i++) console.log('leaving', i); })",
    );
    await page.evaluate("telemetry.flush()");
    await page.goto(`${pages.url}/other`);
    await collector.until(() => collector.records.length >= 100);
    expect(new Set(collector.records.map(({ uid }) => uid)).size).toBe(100);
  }
});

test("a page that is left before its socket is open sends what it has by OTLP/HTTP, under the same identity", async () => {
  const collector = await createCollectorDouble({ onHello: () => {} });
  cleanups.push(() => collector.close());
  const page = await browser.newPage();
  cleanups.push(() => page.close());
  await page.goto(pages.url);
  await page.waitForFunction("window.ready");
  await page.evaluate(
    `sdk.initTelemetry({ serverUrl: "${collector.url}", serviceName: "shop" }); console.log("early")`,
  );
  await collector.until(() => collector.hellos.length === 1);
  await page.goto(`${pages.url}/other`);
  await collector.until(() => collector.records.length > 0);
  expect(collector.posts.length).toBeGreaterThan(0);
  expect(collector.records).toMatchObject([
    { body: "early", resource: { "service.name": "shop", "devmux.platform": "browser", "url.full": `${pages.url}/` } },
  ]);
  expect(collector.records[0]?.uid).toMatch(/^[\w-]{13}-\d+$/);
});

test("a page that comes back from the back-forward cache goes on, as the same client", async () => {
  const { collector, page } = await setUp();
  await page.evaluate("addEventListener('pageshow', (e) => console.log('after', e.persisted)); console.log('before')");
  await page.goto(`${pages.url}/other`);
  await collector.until(() => collector.messages.includes("goodbye"));
  // Playwright takes no part in pages that come back from the cache.
  await page.evaluate("void setTimeout(() => history.back())");
  await collector.until(() => collector.records.length === 2);
  expect(collector.records.map(({ body }) => body)).toEqual(["before", "after true"]);
  expect(new Set(collector.hellos.map(({ resource }) => resource["session.id"])).size).toBe(1);
});
