// A real Chromium, a page for each client, and a server that takes what they send: OTLP over our WebSocket from ours,
// posts of any kind from its peers.

import { createServer } from "node:http";
import { encodeMessage, parseClientMessage } from "@chriscode/devmux-telemetry-protocol";
import { WebSocketServer } from "ws";
import { launchChromium } from "../src/testing/chromium.ts";
import { bundleOf, ours } from "./clients.mjs";

/** Every `row <number>` in what has arrived, and when the first of them did. */
export class Sink {
  rows = new Set();
  firstAtMs = undefined;

  take(text) {
    for (const [, number] of String(text).matchAll(/row (\d+)/g)) {
      this.firstAtMs ??= Date.now();
      this.rows.add(Number(number));
    }
  }
}

/** Listens on `port`; 0 is any. Resolves to the server, whose `port` says which. */
export async function startServer(sink, port = 0) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      sink.take(Buffer.concat(chunks));
      response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
      response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    socket.on("message", (data) => {
      const { message } = parseClientMessage(String(data));
      const { clientId } = message.meta;
      const say = (type, payload) => socket.send(encodeMessage(type, payload, { clientId, timestamp: Date.now() }));
      sink.take(data);
      if (message.type === "hello")
        say("hello-ack", { sessionId: "s", streamName: "b", lastSequence: 0, window: 16, maxMessageBytes: 4_194_304 });
      if (message.type === "export") say("ack", { sequence: message.payload.sequence });
    });
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A browser, and `open(name)`: a page with that client's module loaded and not started; without a name, a bare one. */
export async function startBrowser() {
  const browser = await launchChromium(["--js-flags=--expose-gc", "--enable-precise-memory-info"]);
  const pages = createServer(async (request, response) => {
    const name = decodeURIComponent(request.url.slice(1));
    if (name.endsWith(".js"))
      response.setHeader("content-type", "text/javascript").end(await bundleOf(name.slice(0, -3)));
    else {
      const module = name && `<script type="module" src="/${encodeURIComponent(name)}.js"></script>`;
      // Isolated pages have a clock of 5 µs.
      response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
      response.setHeader("content-type", "text/html").end(`<!doctype html><title>bench</title>${module}`);
    }
  });
  await new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve));
  return {
    browser,
    async open(name = "") {
      const page = await browser.newPage();
      // The native console costs what the tools cost that look at it; a peer's page is compared with one without a client.
      await page.addInitScript("for (const key of ['log', 'error']) console[key] = () => {};");
      await page.goto(`http://127.0.0.1:${pages.address().port}/${encodeURIComponent(name)}`);
      if (name) await page.waitForFunction("window.start");
      return page;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      pages.closeAllConnections();
      await new Promise((resolve) => pages.close(resolve));
    },
  };
}

/** Starts the page's client, sending to `port`. */
export async function start(page, name, port) {
  const url = `${name === ours ? "ws" : "http"}://127.0.0.1:${port}`;
  await page.evaluate(`start(${JSON.stringify(url)})`);
}
