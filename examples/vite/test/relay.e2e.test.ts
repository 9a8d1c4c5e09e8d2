// The relay on its own sockets: whom it lets through, and to what.

import { once } from "node:events";
import { request } from "node:http";
import { devmuxTelemetry } from "@chriscode/devmux-telemetry/vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Collector, type DevServer, startCollector, startVite } from "./world.ts";

let collector: Collector;
let server: DevServer;

beforeAll(async () => {
  collector = await startCollector();
  const plugins = [devmuxTelemetry({ collectorUrl: collector.authority })];
  server = await startVite({ base: "/app/", plugins, server: { allowedHosts: ["shop.test", ".dev.test"] } });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

const path = "/app/__devmux";

/** The status of an upgrade: 101 where it is relayed. */
async function upgrade(headers: { [name: string]: string }, target = path): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${target}`, { headers });
  try {
    return await new Promise((resolve, reject) => {
      socket.on("open", () => resolve(101));
      socket.on("unexpected-response", (_, { statusCode = 0 }) => resolve(statusCode));
      socket.on("error", reject);
    });
  } finally {
    socket.terminate();
  }
}

async function post(
  headers: { [name: string]: string },
  { method = "POST", target = `${path}/v1/logs`, body = "{}" } = {},
): Promise<{ status: number; text: string }> {
  const sent = request({ host: "127.0.0.1", port: server.port, method, path: target, headers });
  sent.end(method === "GET" ? "" : body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, text };
}

const sameOrigin = (host = `127.0.0.1:${server.port}`, scheme = "http") => ({ host, origin: `${scheme}://${host}` });

test.each([
  ["this server", () => sameOrigin()],
  ["its name", () => sameOrigin(`localhost:${server.port}`)],
  ["a name of the machine's network", () => sameOrigin(`192.168.1.20:${server.port}`)],
  ["IPv6", () => sameOrigin(`[::1]:${server.port}`)],
  ["an allowed name", () => sameOrigin("shop.test")],
  ["an allowed name behind TLS", () => sameOrigin("a.dev.test", "https")],
  ["an allowed name with the scheme's port", () => ({ host: "shop.test:443", origin: "https://shop.test" })],
])("a page of %s is relayed", async (_, headers) => {
  expect(await upgrade(headers())).toBe(101);
});

test.each([
  ["no Origin", () => ({ host: `127.0.0.1:${server.port}` })],
  ["another origin", () => ({ host: `127.0.0.1:${server.port}`, origin: "http://evil.test" })],
  ["another port of this machine", () => ({ host: `127.0.0.1:${server.port}`, origin: "http://127.0.0.1:1" })],
  ["an opaque origin", () => ({ host: `127.0.0.1:${server.port}`, origin: "null" })],
  ["an extension", () => ({ host: `127.0.0.1:${server.port}`, origin: "chrome-extension://abc" })],
  ["an origin with a path", () => ({ ...sameOrigin(), origin: `http://127.0.0.1:${server.port}/` })],
  ["a name that was made to point here", () => sameOrigin(`evil.test:${server.port}`)],
  ["a name that begins as an allowed one", () => sameOrigin("shop.test.evil.test")],
  ["a name that ends as an allowed one", () => sameOrigin("evilshop.test")],
  ["a malformed Host", () => ({ host: "a b", origin: "http://a b" })],
])("%s is refused, as upgrade and as request", async (_, headers) => {
  expect(await upgrade(headers())).toBe(403);
  expect((await post(headers())).status).toBe(403);
});

test("other paths are the dev server's", async () => {
  const { status } = await post(sameOrigin(), { method: "GET", target: "/app/" });
  expect(status).toBe(200);
  expect((await post(sameOrigin(), { method: "GET", target: "/app/__devmuxes" })).text).not.toContain("WebSocket");
});

test("OTLP goes through, with the collector's answer; nothing else of the collector does", async () => {
  const record = { severityNumber: 9, body: { stringValue: "posted" } };
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  const headers = { ...sameOrigin(), "content-type": "application/json" };
  expect((await post(headers, { body })).status).toBe(200);
  expect((await collector.record("posted")).body).toBe("posted");
  expect((await post(headers, { body: "{" })).status).toBe(400);
  expect((await post({ ...headers, "content-type": "text/html" }, { body })).status).toBe(415);
  for (const target of ["", "/", "/v1/traces", "/v1/logs/../../health", "/api/status", "/%2e%2e/"])
    expect([target, (await post(headers, { target: `${path}${target}` })).status]).toEqual([target, 404]);
  expect((await post(headers, { method: "PUT" })).status).toBe(405);
});

test("frames of every size go through both ways, and an end on one side ends the other", async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers: sameOrigin() });
  await once(socket, "open");
  const say = (type: string, payload: unknown) => {
    const meta = { clientId: "raw", timestamp: 1 };
    socket.send(JSON.stringify({ protocol: "devmux-telemetry", version: 1, type, payload, meta }));
  };
  say("hello", { resource: { "service.name": "raw" }, platform: { kind: "browser", url: "http://localhost:1/" } });
  const [ack] = await once(socket, "message");
  expect(JSON.parse(String(ack)).type).toBe("hello-ack");
  const text = "x".repeat(200_000);
  say("log", { timestamp: 1, severityNumber: 9, severityText: "log", body: text });
  await collector.record(text);
  socket.send("{");
  const [error] = await once(socket, "message");
  expect(JSON.parse(String(error)).type).toBe("error");
  const ended = once(socket, "close");
  say("goodbye", {});
  socket.close(1000);
  expect((await ended)[0]).toBe(1000);
});

test("without a collector it answers 503", async () => {
  const gone = await startCollector();
  await gone[Symbol.asyncDispose]();
  await using other = await startVite({ plugins: [devmuxTelemetry({ collectorUrl: gone.authority })] });
  const socket = new WebSocket(`ws://127.0.0.1:${other.port}/__devmux`, {
    headers: { origin: `http://127.0.0.1:${other.port}` },
  });
  const status = new Promise((resolve) => socket.on("unexpected-response", (_, answer) => resolve(answer.statusCode)));
  socket.on("error", () => {});
  expect(await status).toBe(503);
});
