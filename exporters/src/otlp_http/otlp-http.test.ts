import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { Logs, logsFromJson } from "@chriscode/devmux-telemetry-protocol";
import { bodiesOf, freePort, testLogs, testSettings } from "@chriscode/devmux-telemetry-server/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { otlpHttpConfig } from "./config.ts";
import { createOtlpHttpExporter } from "./otlp-http.ts";

const never = new AbortController().signal;

let server: Server;
let origin: string;
let posts: { path: string; headers: IncomingMessage["headers"]; body: Buffer }[] = [];
let answer: (response: ServerResponse) => void;
let sockets = 0;

beforeEach(async () => {
  posts = [];
  sockets = 0;
  answer = (response) => void response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    posts.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) });
    answer(response);
  });
  server.on("connection", () => sockets++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
});

function create(config: object = {}) {
  const settings = testSettings("otlp_http");
  const exporter = createOtlpHttpExporter(settings, otlpHttpConfig.parse({ endpoint: origin, ...config }));
  return { settings, exporter, send: (count = 2) => exporter.export(testLogs(count), never) };
}

const answers = (status: number, headers: Record<string, string> = {}, body: string | Buffer = "") => {
  answer = (response) => void response.writeHead(status, headers).end(body);
};

describe("otlp_http", () => {
  test("posts the batch's own bytes, compressed, over one connection", async () => {
    const { exporter, send } = create({ headers: { authorization: "Bearer t" } });
    for (let index = 0; index < 5; index++) expect(await send()).toEqual({ kind: "accepted" });
    expect(posts[0]).toMatchObject({
      path: "/v1/logs",
      headers: { "content-type": "application/x-protobuf", "content-encoding": "gzip", authorization: "Bearer t" },
    });
    expect(gunzipSync(posts[0]!.body).equals(testLogs(2).encode())).toBe(true);
    expect([posts.length, sockets]).toEqual([5, 1]);
    await exporter.shutdown?.(never);
  });

  test("writes JSON where asked, and nothing compressed", async () => {
    const { exporter, send } = create({ encoding: "json", compression: "none" });
    await send(3);
    expect(posts[0]!.headers["content-type"]).toBe("application/json");
    expect(bodiesOf(logsFromJson(posts[0]!.body).logs)).toEqual(bodiesOf(testLogs(3)));
    await exporter.shutdown?.(never);
  });

  test("a signal's own endpoint is taken as it is", async () => {
    const { exporter, send } = create({ logs_endpoint: `${origin}/otlp/push?tenant=1` });
    await send();
    expect(posts[0]!.path).toBe("/otlp/push?tenant=1");
    expect(bodiesOf(Logs.fromProtobuf(gunzipSync(posts[0]!.body)))).toHaveLength(2);
    await exporter.shutdown?.(never);
  });

  test.each([200, 201, 202, 204])("any 2xx is taken: %i", async (status) => {
    answers(status);
    const { exporter, send } = create();
    expect(await send()).toEqual({ kind: "accepted" });
    await exporter.shutdown?.(never);
  });

  test("a partial success is taken in both encodings, counted, never tried again", async () => {
    answers(200, { "content-type": "application/x-protobuf" }, Buffer.from([0x0a, 5, 0x08, 1, 0x12, 1, 0x78]));
    const { exporter, send } = create();
    expect(await send()).toEqual({ kind: "accepted", refused: 1, reason: "x" });
    answers(
      200,
      { "content-type": "application/json; charset=utf-8" },
      '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}',
    );
    expect(await send()).toEqual({ kind: "accepted", refused: 2, reason: "too old" });
    answers(200, { "content-type": "application/json" }, '{"partialSuccess":{"errorMessage":"deprecated"}}');
    expect(await send()).toEqual({ kind: "accepted", reason: "deprecated" });
    await exporter.shutdown?.(never);
  });

  test.each([429, 502, 503, 504])("%i is tried again", async (status) => {
    answers(status, { "content-type": "text/plain" }, "not now\u001b[31m");
    const { exporter, send } = create();
    expect(await send()).toEqual({ kind: "retryable", reason: `${origin} answered ${status}: not now [31m` });
    await exporter.shutdown?.(never);
  });

  test.each([400, 401, 403, 405, 413, 415, 500, 501, 505])("%i is not", async (status) => {
    answers(status, { "content-type": "application/json" }, '{"code":3,"message":"bad"}');
    const { exporter, send } = create();
    expect(await send()).toEqual({ kind: "rejected", reason: `${origin} answered ${status}: bad` });
    await exporter.shutdown?.(never);
  });

  test("the server's wait is honoured, as seconds or as a date", async () => {
    const { exporter, send } = create();
    answers(503, { "retry-after": "7" });
    expect(await send()).toMatchObject({ kind: "retryable", retryAfterMs: 7_000 });
    answers(429, { "retry-after": new Date(Date.now() + 90_000).toUTCString() });
    const verdict = (await send()) as { retryAfterMs: number };
    expect(verdict.retryAfterMs).toBeGreaterThan(88_000);
    expect(verdict.retryAfterMs).toBeLessThanOrEqual(90_000);
    answers(503, { "retry-after": "soon" });
    expect(await send()).not.toHaveProperty("retryAfterMs");
    await exporter.shutdown?.(never);
  });

  test("a redirect is not followed", async () => {
    answers(307, { location: `${origin}/elsewhere` });
    const { exporter, send } = create();
    expect(await send()).toMatchObject({ kind: "rejected", reason: expect.stringContaining("redirect") });
    expect(posts).toHaveLength(1);
    await exporter.shutdown?.(never);
  });

  test("a signal that the backend does not know is said once and not sent again", async () => {
    answers(404);
    const { exporter, settings, send } = create();
    expect([(await send()).kind, (await send()).kind]).toEqual(["rejected", "rejected"]);
    expect([posts.length, settings.states.length]).toEqual([1, 1]);
    await exporter.shutdown?.(never);
  });

  test("an answer over 4 MiB is not read to its end, and the batch counts as taken", async () => {
    answers(200, { "content-type": "application/x-protobuf" }, Buffer.alloc(8 * 1024 * 1024));
    const { exporter, send } = create();
    expect(await send()).toEqual({ kind: "accepted" });
    await exporter.shutdown?.(never);
  });

  test("no answer in time, a reset and nobody there are tried again", async () => {
    answer = () => undefined;
    const { exporter, send } = create({ timeout: "50ms" });
    expect(await send()).toEqual({ kind: "retryable", reason: `${origin}: no answer within 50 ms` });
    answer = (response) => response.destroy();
    expect((await send()).kind).toBe("retryable");
    await exporter.shutdown?.(never);
    const gone = create({ endpoint: `http://127.0.0.1:${await freePort()}` });
    expect(await gone.send()).toMatchObject({ kind: "retryable", reason: expect.stringContaining("ECONNREFUSED") });
    await gone.exporter.shutdown?.(never);
  });

  test("the collector's deadline ends a post", async () => {
    answer = () => undefined;
    const { exporter } = create();
    expect((await exporter.export(testLogs(1), AbortSignal.timeout(30))).kind).toBe("retryable");
    await exporter.shutdown?.(never);
    await exporter.shutdown?.(never);
  });

  test("nothing is sent to the collector itself", async () => {
    const { exporter, settings, send } = create();
    await exporter.start?.({ isOwnAddress: (host: string) => host === "127.0.0.1" } as never);
    expect(await send()).toMatchObject({ kind: "rejected", reason: expect.stringContaining("itself") });
    await send();
    expect([posts.length, settings.states.length]).toEqual([0, 1]);
  });
});

test.each([
  "localhost:4318",
  "ftp://x",
  "http://user:pass@host",
  "http://169.254.169.254/",
  "http://[fe80::1]:4318",
  "http://0xa9fea9fe/",
  "http://2852039166/",
  "http://[::ffff:169.254.169.254]/",
])("endpoint %s is refused", (endpoint) => expect(otlpHttpConfig.safeParse({ endpoint }).success).toBe(false));
