// What a page's bundler makes of the client: a core, and the rest loaded after it. Nothing is lost between the two, in a
// real Chromium: the rest comes late, not at all, or the page is left before.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { launchChromium, type PageServer, servePages } from "./testing/chromium.ts";
import { type CollectorDouble, createCollectorDouble } from "./testing/collector-double.ts";

/** The app begins to log in the module that starts the client. */
const appSource = `import { initTelemetry, shutdownTelemetry } from "../dist/browser/index.js";
import { logs } from "@opentelemetry/api";
const { serverUrl, early } = window.given;
window.telemetry = initTelemetry({ serverUrl, serviceName: "shop" });
window.shutdownTelemetry = shutdownTelemetry;
window.api = logs;
(0, eval)(early);
window.ready = true;`;

let browser: Browser;
let pages: PageServer;
/** The path of the file that holds the rest. */
let restPath = "";
/** Whether it is given, once that is known. */
let isGiven = Promise.resolve(true);
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: appSource, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    define: { "process.env.NODE_ENV": '"development"' },
    bundle: true,
    splitting: true,
    format: "esm",
    outdir: "/out",
    entryNames: "app",
    write: false,
  });
  const files = Object.fromEntries(outputFiles.map(({ path, text }) => [path.replace(/^.*\/out/, ""), text]));
  restPath = Object.keys(files).find((path) => path.includes("scribe")) ?? "";
  pages = await servePages(
    {
      ...files,
      "/": "<!doctype html><title>t</title>",
      "/other": "<!doctype html><title>other</title>",
    },
    async (path) => path !== restPath || (await isGiven),
  );
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await pages.close();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Opened {
  readonly collector: CollectorDouble;
  readonly page: Page;
  /** Lets the rest come, or fail. */
  release(comes: boolean): void;
}

/** A page that starts the client and runs `early` in the same turn; the rest of the client is held back. */
async function open(early: string): Promise<Opened> {
  const collector = await createCollectorDouble();
  cleanups.push(() => collector.close());
  const page = await browser.newPage();
  cleanups.push(() => page.close());
  let release = (_: boolean): void => {};
  isGiven = new Promise((resolve) => {
    release = resolve;
  });
  await page.goto(pages.url);
  await page.evaluate(`window.given = ${JSON.stringify({ serverUrl: collector.url, early })}`);
  await page.addScriptTag({ type: "module", url: `${pages.url}/app.js` });
  await page.waitForFunction("window.ready");
  return { collector, page, release };
}

const bodies = ({ records }: CollectorDouble): unknown[] => records.map(({ body }) => body);

test("the rest is a file of its own", () => {
  expect(restPath).toMatch(/\.js$/);
});

test("what is seen before the rest is there arrives as it was: values, places, times, order, errors, groups, timers", async () => {
  const { collector, page, release } = await open(`
    const state = { n: 1, list: [1, 2], map: new Map([["k", { v: 1 }]]), when: undefined };
    console.log("state %o of %s", state, "the app", new TypeError("inside").message);
    console.group("outer");
    console.warn("inside", { a: state });
    console.groupEnd();
    console.time("t");
    console.count("c"); console.count("c");
    api.getLogger("theirs").emit({ body: { state }, attributes: { by: "them" } });
    console.timeEnd("t");
    state.n = 2; state.list.push(3); state.map.get("k").v = 2;
    setTimeout(() => { throw new RangeError("uncaught"); });
    history.pushState({}, "", "/cart?secret=1");
    console.assert(true, "holds"); console.assert(false, "%s", "does not");
    console.log("later");`);
  const printed = await page.evaluate<number>("Date.now()");
  await page.waitForTimeout(100);
  release(true);
  await collector.until(() => bodies(collector).includes("RangeError: uncaught"));
  expect(bodies(collector)).toEqual([
    "state { n: 1, list: [1, 2], map: Map(1) { 'k' => { v: 1 } }, when: undefined } of the app inside",
    "outer",
    "inside { a: { n: 1, list: [1, 2], map: Map(1) { 'k' => { v: 1 } }, when: undefined } }",
    "c: 1",
    "c: 2",
    { state: { n: 1, list: [1, 2], map: [["k", { v: 1 }]], when: "[undefined]" } },
    expect.stringMatching(/^t: \d+(\.\d+)?ms$/),
    "Assertion failed: does not",
    "later",
    "RangeError: uncaught",
  ]);
  const [first, , inGroup] = collector.records;
  expect(first?.attributes).toMatchObject({
    "devmux.console.template": "state %o of %s",
    "code.file.path": `${pages.url}/app.js`,
    "code.line.number": expect.any(Number),
  });
  expect(Number(first?.timeUnixNano) / 1e6).toBeLessThanOrEqual(printed);
  expect(inGroup?.attributes["devmux.console.group_depth"]).toBe(1);
  expect(Number.parseFloat(String(bodies(collector)[6]).slice(3))).toBeLessThan(90);
  expect(collector.events).toMatchObject([
    { eventName: "session.start" },
    { eventName: "browser.navigation", attributes: { "url.full": `${pages.url}/cart` } },
  ]);
  expect(await page.evaluate("telemetry.status")).toMatchObject({ state: "open", problems: [], dropped: 0 });
});

test("a flood before the rest is there is some records and a count", async () => {
  const { collector, page, release } = await open('for (let i = 0; i < 5_000; i++) console.log("render", i)');
  release(true);
  await collector.until(() => bodies(collector).some((body) => /more like/.test(String(body))));
  await page.evaluate("telemetry.flush()");
  const last = collector.records.at(-1);
  expect(collector.records).toHaveLength(1_000);
  expect(last?.body).toBe("4001 more like: render 998");
  expect(collector.records.slice(0, 999).map(({ body }) => body)).toEqual(
    Array.from({ length: 999 }, (_, index) => `render ${index}`),
  );
});

test("where the rest cannot be loaded, records arrive in a simpler form by the socket, and the status says so", async () => {
  const { collector, page, release } = await open(`
    console.log("hello %s", "world", { a: [1, undefined] });
    console.error("failed", new TypeError("inside"));
    api.getLogger("theirs").emit({ body: { by: "them" } });
    const self = {}; self.self = self;
    console.log(self, 5n, Symbol("s"), null);
    setTimeout(() => { throw new RangeError("uncaught"); });`);
  release(false);
  await collector.until(() => bodies(collector).some((body) => /uncaught/.test(String(body))));
  await page.evaluate('console.warn("after"); telemetry.flush()');
  await collector.until(() => bodies(collector).includes("after"));
  expect(bodies(collector)).toEqual([
    'hello %s world {"a":[1,null]}',
    expect.stringMatching(/^failed TypeError: inside\n\s+at /),
    '{"by":"them"}',
    "object 5 Symbol(s) null",
    expect.stringMatching(/^RangeError: uncaught\n/),
    "after",
  ]);
  const [first, error] = collector.records;
  expect(collector.hellos).toMatchObject([{ resource: { "service.name": "shop" } }]);
  expect(collector.posts).toEqual([]);
  expect(first).toMatchObject({
    severityText: "log",
    attributes: { "browser.console.method": "log", "code.stacktrace": expect.stringMatching(/ at /) },
  });
  expect(error?.severityNumber).toBe(17);
  const status = await page.evaluate<{ problems: string[] }>("telemetry.status");
  // The session's beginning is one of them.
  expect(status).toMatchObject({ state: "open", acknowledged: 7, buffered: 0, dropped: 0 });
  expect(status.problems.join()).toMatch(/import/i);
});

test("a page that is left before the rest is there sends what it has", async () => {
  const { collector, page } = await open('for (let i = 0; i < 100; i++) console.log("early", i)');
  await page.goto(`${pages.url}/other`);
  const early = (): string[] =>
    bodies(collector)
      .map(String)
      .filter((body) => body.startsWith("early "));
  await collector.until(() => early().length === 100);
  const numbers = early().map((body) => Number(body.replace("early ", "")));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
});

test("a flush waits for the rest, and not for long where it does not come", async () => {
  const { collector, page, release } = await open('console.log("%d items", 3)');
  const waited = await page.evaluate<number>(`(async () => {
    const started = performance.now();
    await telemetry.flush();
    return performance.now() - started;
  })()`);
  expect(waited).toBeGreaterThanOrEqual(490);
  expect(waited).toBeLessThan(2_500);
  expect(bodies(collector)).toEqual(["%d items 3"]);
  // It comes after all, and the client is whole.
  release(true);
  await vi.waitFor(async () => {
    await page.evaluate('console.log("%d items", 4)');
    await page.evaluate("telemetry.flush()");
    expect(bodies(collector).at(-1)).toBe("4 items");
  }, 10_000);
});

test("a provider that is shut down before the rest is there sends what it has", async () => {
  const { collector, page } = await open('console.log("one"); console.log("two"); telemetry.provider.shutdown();');
  await collector.until(() => collector.messages.at(-1) === "goodbye");
  expect(bodies(collector)).toEqual(["one", "two"]);
  expect(await page.evaluate("telemetry.status.dropped")).toBe(0);
});

test("a client that is ended before the rest is there sends what it has, and stays ended", async () => {
  const { collector, page, release } = await open('console.log("last words")');
  const isRestored = page.evaluate(`(async () => {
    const { log } = console;
    await shutdownTelemetry();
    return console.log !== log;
  })()`);
  expect(await isRestored).toBe(true);
  expect(bodies(collector)).toEqual(["last words"]);
  await collector.until(() => collector.messages.at(-1) === "goodbye");
  release(true);
  await page.waitForTimeout(200);
  expect([collector.connections, await page.evaluate("telemetry.status.state")]).toEqual([1, "stopped"]);
});

test("the rest, come while the client ends, ends with it", async () => {
  const { collector, page, release } = await open(`
    window.listeners = 0;
    for (const [method, step] of [["addEventListener", 1], ["removeEventListener", -1]]) {
      const original = document[method];
      document[method] = function (...args) { listeners += step; return original.apply(this, args); };
    }
    console.log("%d last words", 2);
    window.ending = shutdownTelemetry();
    listeners = 0;`);
  release(true);
  await page.evaluate("ending");
  expect(bodies(collector)).toEqual(["2 last words"]);
  expect(await page.evaluate("listeners")).toBe(0);
});
