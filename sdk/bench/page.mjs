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

/** What a page runs before anything else: scripts that come through its own server, one after the other (`evaluate`). */
const runner = `
  // The native console costs what the tools cost that look at it; a peer's page is compared with one without a client.
  for (const key of ["log", "error"]) console[key] = () => {};
  const { fetch } = window;
  const say = (body) => fetch(location.pathname + ".said" + location.search, { method: "POST", body });
  (async () => {
    for (;;) {
      const script = await (await fetch(location.pathname + ".script" + location.search)).text();
      try {
        await say(JSON.stringify({ value: await (0, eval)(script) }));
      } catch (error) {
        await say(JSON.stringify({ error: String(error?.stack ?? error) }));
      }
    }
  })();`;

/**
 * A browser, and `open(name)`: a page with that client's module loaded and not started; without a name, a bare one.
 * No tool looks at it: where one does, as Playwright at its own pages, V8 takes twice as long for each `new Error()`.
 */
export async function startBrowser() {
  const browser = await launchChromium(["--js-flags=--expose-gc"]);
  const tools = await browser.newBrowserCDPSession();
  const { browserContextId } = await tools.send("Target.createBrowserContext");
  /** By number: the scripts for a page, its request for the next one, and who waits for what it says. */
  const visits = [];
  const give = (visit) => {
    if (visit.response && visit.scripts.length > 0) visit.response.end(visit.scripts.shift());
    else return;
    visit.response = undefined;
  };
  const pages = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url, "http://page");
    const visit = visits[search.slice(1)];
    const name = decodeURIComponent(pathname.slice(1).replace(/\.(said|script)$/, ""));
    if (pathname.endsWith(".script")) {
      visit.response = response;
      give(visit);
    } else if (pathname.endsWith(".said")) {
      const chunks = await Array.fromAsync(request);
      response.end();
      visit.hear(JSON.parse(Buffer.concat(chunks)));
    } else if (name.endsWith(".js"))
      response.setHeader("content-type", "text/javascript").end(await bundleOf(name.slice(0, -3)));
    else {
      const module = name && `<script type="module" src="/${encodeURIComponent(name)}.js"></script>`;
      // Isolated pages have a clock of 5 µs.
      response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
      response
        .setHeader("content-type", "text/html")
        .end(`<!doctype html><title>bench</title><script>${runner}</script>${module}`);
    }
  });
  await new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve));
  return {
    async open(name = "") {
      const visit = { scripts: [], hear() {} };
      const number = visits.push(visit) - 1;
      const url = `http://127.0.0.1:${pages.address().port}/${encodeURIComponent(name)}?${number}`;
      const { targetId } = await tools.send("Target.createTarget", { url, browserContextId });
      const evaluate = async (script) => {
        const said = new Promise((resolve) => {
          visit.hear = resolve;
        });
        visit.scripts.push(script);
        give(visit);
        const { value, error } = await said;
        if (error) throw new Error(error);
        return value;
      };
      if (name)
        await evaluate(
          "new Promise((resolve) => { const id = setInterval(() => window.start && resolve(clearInterval(id)), 5); })",
        );
      return {
        evaluate,
        /** Attaches to the page, of which `ask` can then ask what the protocol of the developer tools has. */
        async attach() {
          const { sessionId } = await tools.send("Target.attachToTarget", { targetId });
          let last = 0;
          return (method, params = {}) =>
            new Promise((resolve) => {
              const id = ++last;
              const hear = (event) => {
                const message = JSON.parse(event.message);
                if (event.sessionId !== sessionId || message.id !== id) return;
                tools.off("Target.receivedMessageFromTarget", hear);
                resolve(message.result);
              };
              tools.on("Target.receivedMessageFromTarget", hear);
              tools.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) });
            });
        },
        close: () => tools.send("Target.closeTarget", { targetId }),
      };
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
  await page.evaluate(`void start(${JSON.stringify(url)})`);
}
