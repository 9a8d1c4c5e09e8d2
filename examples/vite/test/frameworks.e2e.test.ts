// What frameworks do with Vite: a server of their own with Vite as middleware, pages that they make themselves, modules
// that run on the server too.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { devmuxTelemetry } from "@chriscode/devmux-telemetry/vite";
import { freePort } from "@chriscode/devmux-telemetry-server/testing";
import type { Browser } from "playwright-core";
import { createServer as createViteServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Collector, launchChromium, newCache, startCollector, startVite } from "./world.ts";

const root = fileURLToPath(new URL("fixtures/page", import.meta.url));
let collector: Collector;
let browser: Browser;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  collector = await startCollector();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  for (const end of ends.reverse()) await end();
  await collector?.[Symbol.asyncDispose]();
});

const plugins = () => devmuxTelemetry({ collectorUrl: collector.authority });

/** A page that no hook of Vite's has seen, as a framework or a backend writes it. */
const pageOf = (vite: string) => `<!doctype html><link rel="icon" href="data:,">
<script type="module" src="${vite}/@vite/client"></script>
<script type="module" src="${vite}/src/odd.ts"></script>`;

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function middleware(server: Server | undefined): Promise<ViteDevServer> {
  const { cacheDir, remove } = await newCache();
  ends.push(remove);
  const vite = await createViteServer({
    root,
    cacheDir,
    configFile: false,
    logLevel: "error",
    appType: "custom",
    plugins: plugins(),
    server: { middlewareMode: server === undefined ? true : { server }, hmr: { port: await freePort() } },
  });
  ends.push(() => vite.close());
  return vite;
}

async function open(url: string): Promise<string[]> {
  const page = await browser.newPage();
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  await page.goto(url);
  await page.waitForFunction("globalThis.order?.done");
  await page.evaluate((text) => console.log(text), `done at ${url}`);
  await collector.record(`done at ${url}`);
  return sockets.filter((socket) => !socket.includes("token="));
}

test.each([true, false])("Vite as the middleware of another server, which it may use: %s", async (isLent) => {
  const server = createServer();
  const vite = await middleware(isLent ? server : undefined);
  server.on("request", (request, response) => {
    if (request.url === "/page") response.writeHead(200, { "content-type": "text/html" }).end(pageOf(""));
    else vite.middlewares(request, response);
  });
  const port = await listen(server);
  const relayed = `ws://127.0.0.1:${port}/__devmux`;
  expect(await open(`http://127.0.0.1:${port}/page`)).toEqual([isLent ? relayed : `ws://${collector.authority}/`]);
});

test("a backend's page that has only its modules from Vite", async () => {
  await using vite = await startVite({ root, plugins: plugins() });
  const backend = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(pageOf(`http://127.0.0.1:${vite.port}`));
  });
  const port = await listen(backend);
  expect(await open(`http://127.0.0.1:${port}/`)).toEqual([`ws://${collector.authority}/`]);
  expect(collector.streams()).toContain(`browser:127.0.0.1-${port}`);
});

test("what runs on the server is left alone", async () => {
  await using vite = await startVite({ root, plugins: plugins() });
  const rendered = await vite.vite.environments.ssr.transformRequest("/src/lazy.ts");
  expect(rendered?.code).toContain("console.log");
  expect(rendered?.code).not.toMatch(/devmux/);
});
