// The dev server: telemetry in every page, through the relay, with the places of the source.

import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { devmuxTelemetry } from "@chriscode/devmux-telemetry/vite";
import { freePort } from "@chriscode/devmux-telemetry-server/testing";
import type { Browser, Page } from "playwright-core";
import { createLogger } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Collector, type DevServer, launchChromium, startCollector, startVite } from "./world.ts";

const fixture = fileURLToPath(new URL("fixtures/page", import.meta.url));
const example = fileURLToPath(new URL("..", import.meta.url));

let collector: Collector;
let browser: Browser;
const open: AsyncDisposable[] = [];

beforeAll(async () => {
  collector = await startCollector();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  for (const each of open.reverse()) await each[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

async function serve(config: Parameters<typeof startVite>[0]): Promise<DevServer> {
  const server = await startVite(config);
  open.push(server);
  return server;
}

/** The plugin as these tests use it: sent to the test's own collector. */
function plugin(options: Parameters<typeof devmuxTelemetry>[0] = {}): ReturnType<typeof devmuxTelemetry> {
  return devmuxTelemetry({ collectorUrl: `ws://${collector.authority}`, ...options });
}

async function visit(url: string): Promise<{ page: Page; printed: string[]; errors: string[] }> {
  const page = await browser.newPage();
  const printed: string[] = [];
  const errors: string[] = [];
  page.on("console", (message) => {
    const { url, lineNumber, columnNumber } = message.location();
    if (!message.text().startsWith("[vite]"))
      printed.push(
        `${message.type()} ${message.text()} ${new URL(url).pathname}:${lineNumber + 1}:${columnNumber + 1}`,
      );
  });
  page.on("pageerror", (error) => errors.push(error.message));
  // A dependency that Vite finds late has the page loaded again: what it prints would be there twice.
  await page.goto(url, { waitUntil: "networkidle" });
  return { page, printed, errors };
}

/** Where a text stands in a file, 1-based. */
function placeIn(file: string, text: string, within = text): string {
  const lines = readFileSync(file, "utf8").split("\n");
  const line = lines.findIndex((each) => each.includes(text));
  return `${file}:${line + 1}:${lines[line]!.indexOf(within, lines[line]!.indexOf(text)) + 1}`;
}

test("the example: no word of telemetry in the app, and its records arrive with their places in the source", async () => {
  const { port } = await serve({ plugins: [plugin({ telemetry: { serviceName: "vite-example" } })] });
  const { page, printed } = await visit(`http://127.0.0.1:${port}/`);
  await page.click("#buy");
  await page.click("#fail");

  const main = join(example, "src/main.ts");
  expect((await collector.record("welcome to corner shop")).place).toBe(placeIn(main, 'console.info("welcome', "info"));
  expect((await collector.record("bought for 7")).place).toBe(placeIn(main, 'console.log("bought', "log"));
  const cart = await collector.record("2 items cost 7");
  expect(cart.place).toBe(placeIn(join(example, "src/cart.ts"), "console.debug", "debug"));
  expect((await collector.record("TypeError: the till is stuck")).attributes["exception.type"]).toBe("TypeError");
  expect(collector.streams()).toContain(`browser:127.0.0.1-${port}`);
  // The page's own console has each line once, and nothing of ours.
  expect(printed.map((line) => line.split(" /")[0])).toEqual([
    "info welcome to corner shop",
    "debug %d items cost 2 7",
    "log bought for %d 7",
  ]);
});

test("every way to call the console has its exact place, and the calls do what they did", async () => {
  const { port } = await serve({ root: fixture, plugins: [plugin()] });
  const { page, printed, errors } = await visit(`http://127.0.0.1:${port}/`);
  const odd = join(fixture, "src/odd.ts");
  const expected: readonly (readonly [body: string, text: string, within: string])[] = [
    ["first line", 'console.log("first line")', "log"],
    ["inner", 'console.warn("inner")', "warn"],
    ["outer after inner", 'console.log(say("outer")', "log"],
    ["wide", 'console.info("wide")', "info"],
    ["second on the line", 'console.info("second', "info"],
    ["through window", "window.console.error", "error"],
    ["through globalThis", "globalThis.console?.log", "log"],
    ["by a string", 'console["log"]', '"log"'],
    ["over lines", '.log("over lines")', "log"],
    ["spread of x", "console.log(...[", "log"],
    ["an arrow 1", 'console.log("an arrow"', "log"],
    ["loop 1", "console.log(text)", "log"],
    ["loop 2", "console.log(text)", "log"],
    ["awaited value", 'console.log("awaited"', "log"],
  ];
  for (const [body, text, within] of expected)
    expect((await collector.record(body)).place, body).toBe(placeIn(odd, text, within));
  const lazy = join(fixture, "src/lazy.ts");
  expect((await collector.record("on the line of an import 3")).place).toBe(placeIn(lazy, 'console.log("on', "log"));
  expect((await collector.record("lazy undefined")).place).toBe(placeIn(lazy, 'console.log("lazy"', "log"));

  expect(await page.evaluate("order")).toEqual(["outer", "after inner", "spread", "value", "own 1"]);
  expect(errors).toEqual([]);
  expect(printed.map((line) => line.replace(/ \/.*/, ""))).toEqual([
    "log first line",
    "warning inner",
    "log outer after inner",
    "info wide",
    "info second on the line",
    "error through window",
    "log through globalThis",
    "log by a string",
    "log over lines",
    "log spread of x",
    "log an arrow 1",
    "log loop 1",
    "log loop 2",
    "log awaited value",
    "log on the line of an import 3",
    "log lazy undefined",
  ]);
});

test("the source map still leads from what runs to what was written", async () => {
  const { vite } = await serve({ root: fixture, plugins: [plugin()] });
  const withPlugin = await vite.transformRequest("/src/odd.ts");
  const plain = await (await serve({ root: fixture })).vite.transformRequest("/src/odd.ts");
  const calls = (code: string): string => code.replace(/^\(globalThis\.__devmuxPlaces.*?\]\);/, "");
  const withoutMap = (code: string): string => code.replace(/\n\/\/# sourceMappingURL.*/s, "");
  // One statement more on the first line, and not a character else.
  expect(calls(withPlugin!.code)).not.toBe(withPlugin!.code);
  expect(withoutMap(calls(withPlugin!.code))).toBe(withoutMap(plain!.code));
  expect(linesOf(withPlugin!.map)).toEqual(linesOf(plain!.map));
});

/** The mappings of all lines but the first, on which the statement stands. */
function linesOf(map: unknown): string[] {
  const { mappings, sources } = map as { mappings: string; sources: string[] };
  return [...sources, String(mappings.split(";").length)];
}

test("a page with a strict policy, and a page on the network, send through the relay", async () => {
  const policy = "default-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";
  const external = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4")?.address;
  const host = external ?? "127.0.0.2";
  const { port } = await serve({
    root: fixture,
    plugins: [plugin()],
    server: { host: "0.0.0.0", headers: { "content-security-policy": policy } },
  });
  const { page, errors } = await visit(`http://${host}:${port}/`);
  await page.evaluate(() => console.log("from a phone"));
  await collector.record("from a phone");
  expect(collector.streams()).toContain(`browser:${host}-${port}`);
  expect(errors).toEqual([]);
});

test("a module that is replaced while the page runs has its new places", async () => {
  // Outside of everything that has the client among its dependencies.
  const root = mkdtempSync(join(realpathSync(tmpdir()), "devmux-vite-"));
  cpSync(fixture, root, { recursive: true });
  open.push({ [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true, force: true }) });
  const { port, vite } = await serve({ root, plugins: [plugin()] });
  const { page, errors } = await visit(`http://127.0.0.1:${port}/`);
  const lazy = join(root, "src/lazy.ts");
  await page.waitForFunction("globalThis.order?.done");
  writeFileSync(
    lazy,
    `interface More {}\n\n${readFileSync(lazy, "utf8").replace("on the line", "replaced, on the line")}`,
  );
  // What a watcher says; waiting for one would be waiting for time.
  vite.watcher.emit("change", lazy);
  const { place } = await collector.record("replaced, on the line of an import 3");
  expect(place).toBe(placeIn(lazy, 'console.log("replaced', "log"));
  expect(errors).toEqual([]);
});

test("without a collector nothing is printed by the server, and what was logged arrives when there is one", async () => {
  const printed: string[] = [];
  const say = (text: string): void => void printed.push(text);
  const customLogger = { ...createLogger("info"), info: say, warn: say, warnOnce: say, error: say };
  const port = await freePort();
  const server = await serve({
    root: fixture,
    customLogger,
    plugins: [devmuxTelemetry({ collectorUrl: `127.0.0.1:${port}` })],
  });
  const { page } = await visit(`http://127.0.0.1:${server.port}/`);
  await page.waitForFunction("globalThis.order");
  await using late = await startCollector({ port });
  await late.record("first line");
  expect(printed.filter((line) => !line.includes("optimized"))).toEqual([]);
});
