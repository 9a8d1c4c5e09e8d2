import { once } from "node:events";
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, createServer } from "node:net";
import { testLogs, testSettings } from "@chriscode/devmux-telemetry-server/testing";
import { Metadata, Server, ServerCredentials, type ServiceDefinition, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { otlpGrpcConfig } from "./config.ts";
import { createOtlpGrpcExporter } from "./otlp-grpc.ts";

const path = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
const same = (bytes: Buffer) => bytes;
const never = new AbortController().signal;

let server: Server;
let port: number;
let requests: { body: Buffer; metadata: Metadata }[] = [];
let answer: (callback: (error: Partial<ServiceError> | null, response?: Buffer) => void) => void;

beforeEach(async () => {
  requests = [];
  answer = (callback) => callback(null, Buffer.alloc(0));
  server = new Server();
  const shape = {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  server.addService({ Export: shape } as ServiceDefinition, {
    Export: (call: { request: Buffer; metadata: Metadata }, callback: Parameters<typeof answer>[0]) => {
      requests.push({ body: call.request, metadata: call.metadata });
      answer(callback);
    },
  });
  port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
});
afterEach(() => server.forceShutdown());

function create(config: object = {}) {
  const settings = testSettings("otlp_grpc");
  const exporter = createOtlpGrpcExporter(
    settings,
    otlpGrpcConfig.parse({ endpoint: `http://127.0.0.1:${port}`, ...config }),
  );
  return { settings, exporter, send: (count = 2) => exporter.export(testLogs(count), never) };
}

const fails = (code: status, details: string, metadata = new Metadata()) => {
  answer = (callback) => callback({ code, details, metadata });
};

describe("otlp_grpc", () => {
  test.each(["gzip", "none"])("sends the batch's own bytes with its headers, compression %s", async (compression) => {
    const { exporter } = create({ headers: { authorization: "Bearer t" }, compression });
    const batch = testLogs(100);
    expect(await exporter.export(batch, never)).toEqual({ kind: "accepted" });
    expect(requests[0]!.body.equals(batch.encode())).toBe(true);
    expect(requests[0]!.metadata.get("authorization")).toEqual(["Bearer t"]);
    await exporter.shutdown?.(never);
  });

  test("a partial success is taken, with its count and reason, never tried again", async () => {
    answer = (callback) => callback(null, Buffer.from([0x0a, 5, 0x08, 1, 0x12, 1, 0x78]));
    const { exporter, send } = create();
    expect(await send()).toEqual({ kind: "accepted", refused: 1, reason: "x" });
    await exporter.shutdown?.(never);
  });

  test.each([
    status.CANCELLED,
    status.DEADLINE_EXCEEDED,
    status.ABORTED,
    status.OUT_OF_RANGE,
    status.UNAVAILABLE,
    status.DATA_LOSS,
  ])("code %i is tried again", async (code) => {
    fails(code, "not now");
    const { exporter, send } = create();
    expect(await send()).toMatchObject({ kind: "retryable", reason: expect.stringContaining("not now") });
    await exporter.shutdown?.(never);
  });

  test.each([
    status.UNKNOWN,
    status.INVALID_ARGUMENT,
    status.NOT_FOUND,
    status.ALREADY_EXISTS,
    status.PERMISSION_DENIED,
    status.UNAUTHENTICATED,
    status.FAILED_PRECONDITION,
    status.INTERNAL,
    status.RESOURCE_EXHAUSTED,
  ])("code %i is not", async (code) => {
    fails(code, "no");
    const { exporter, send } = create();
    expect((await send()).kind).toBe("rejected");
    await exporter.shutdown?.(never);
  });

  test("RESOURCE_EXHAUSTED with RetryInfo is tried again after the server's wait", async () => {
    const type = Buffer.from("type.googleapis.com/google.rpc.RetryInfo");
    const info = Buffer.from([0x0a, 8, 0x08, 1, 0x10, 0x80, 0xca, 0xb5, 0xee, 0x01]);
    const any = Buffer.concat([Buffer.from([0x0a, type.length]), type, Buffer.from([0x12, info.length]), info]);
    const metadata = new Metadata();
    metadata.set("grpc-status-details-bin", Buffer.concat([Buffer.from([0x08, 8, 0x1a, any.length]), any]));
    fails(status.RESOURCE_EXHAUSTED, "slow down", metadata);
    const { exporter, send } = create();
    expect(await send()).toMatchObject({ kind: "retryable", retryAfterMs: 1_500 });
    await exporter.shutdown?.(never);
  });

  test("a signal that the backend does not know is said once and not sent again", async () => {
    fails(status.UNIMPLEMENTED, "unknown service");
    const { exporter, settings, send } = create();
    expect((await send()).kind).toBe("rejected");
    expect((await send()).kind).toBe("rejected");
    expect(requests).toHaveLength(1);
    expect(settings.states).toHaveLength(1);
    await exporter.shutdown?.(never);
  });

  test("a backend that is not there, or does not answer, is tried again", async () => {
    answer = () => undefined;
    const slow = create({ timeout: "50ms" });
    expect(await slow.send()).toMatchObject({
      kind: "retryable",
      reason: expect.stringContaining("DEADLINE_EXCEEDED"),
    });
    await slow.exporter.shutdown?.(never);
    server.forceShutdown();
    const gone = create({ timeout: "2s" });
    expect(await gone.send()).toMatchObject({ kind: "retryable", reason: expect.stringContaining("UNAVAILABLE") });
    await gone.exporter.shutdown?.(never);
  });

  test("an answer over 4 MiB is not read, nor asked for again", async () => {
    answer = (callback) => callback(null, Buffer.alloc(5 * 1024 * 1024));
    const { exporter, send } = create();
    expect((await send()).kind).toBe("rejected");
    await exporter.shutdown?.(never);
  });

  test("the collector's deadline ends a call", async () => {
    answer = () => undefined;
    const { exporter } = create();
    expect((await exporter.export(testLogs(1), AbortSignal.timeout(30))).kind).toBe("retryable");
    await exporter.shutdown?.(never);
    await exporter.shutdown?.(never);
  });
});

test.each([
  [{}, { target: "localhost:4317", secure: false }],
  [{ endpoint: "https://otel.example.dev:443" }, { target: "otel.example.dev:443", secure: true }],
  [{ endpoint: "collector:4317" }, { secure: true }],
  [
    { endpoint: "collector:4317", tls: { insecure: true } },
    { target: "collector:4317", secure: false },
  ],
  [{ endpoint: "http://[::1]:4317/" }, { target: "[::1]:4317", secure: false }],
])("config %j", (input, expected) => expect(otlpGrpcConfig.parse(input)).toMatchObject(expected));

describe("the connection", () => {
  interface Peer {
    readonly endpoint: string;
    readonly authorities: (string | undefined)[];
    /** A client's connection. */
    readonly connected: Promise<ServerHttp2Session>;
  }
  let http2: Http2Server;
  afterEach(() => http2.close());

  /** A backend that is nothing but HTTP/2; it answers calls where `answers` says so. */
  async function peer(answers: boolean): Promise<Peer> {
    http2 = createHttp2Server();
    const authorities: Peer["authorities"] = [];
    http2.on("stream", (stream, headers) => {
      authorities.push(headers[":authority"]);
      stream.on("error", () => undefined);
      if (!answers) return;
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.end(Buffer.alloc(5));
    });
    const connected = once(http2, "session").then(([session]) => session as ServerHttp2Session);
    http2.listen(0, "127.0.0.1");
    await once(http2, "listening");
    return { endpoint: `http://127.0.0.1:${(http2.address() as AddressInfo).port}`, authorities, connected };
  }

  test("authority is what the backend is told; without it the endpoint", async () => {
    const { endpoint, authorities } = await peer(true);
    for (const config of [{ endpoint }, { endpoint, authority: "logs.example" }]) {
      const { exporter, send } = create(config);
      expect(await send()).toEqual({ kind: "accepted" });
      await exporter.shutdown?.(never);
    }
    expect(authorities).toEqual([new URL(endpoint).host, "logs.example"]);
  });

  test("keepalive finds out that a backend is gone within a call, long before its timeout", async () => {
    // Says that it speaks HTTP/2 and has no settings; then nothing, whatever comes.
    const mute = createServer((socket) => {
      socket.on("error", () => undefined).resume();
      socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    }).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address() as AddressInfo;
    const keepalive = { time: "1s", timeout: "50ms" };
    const { exporter, send } = create({ endpoint: `http://127.0.0.1:${port}`, timeout: "1h", keepalive });
    expect(await send()).toMatchObject({ kind: "retryable", reason: expect.stringContaining("UNAVAILABLE") });
    await exporter.shutdown?.(never);
    mute.close();
  });

  test("permit_without_stream asks between calls too", async () => {
    const { endpoint, connected } = await peer(true);
    const keepalive = { time: "1s", permit_without_stream: true };
    const { exporter, send } = create({ endpoint, keepalive });
    expect(await send()).toEqual({ kind: "accepted" });
    await once(await connected, "ping");
    await exporter.shutdown?.(never);
  });

  test("as channel options", () => {
    const channelOf = (config: object) => otlpGrpcConfig.parse(config).channel;
    expect(channelOf({ keepalive: { time: "10s", timeout: "3s", permit_without_stream: true } })).toEqual({
      "grpc.keepalive_time_ms": 10_000,
      "grpc.keepalive_timeout_ms": 3_000,
      "grpc.keepalive_permit_without_calls": 1,
    });
    expect(channelOf({ keepalive: {} })).toEqual({});
    expect(channelOf({})).toEqual({});
  });
});

test.each(["4317", "http://host", "ftp://host:1", "http://host:1/path", "http://user@host:1"])(
  "endpoint %s is refused",
  (endpoint) => {
    expect(otlpGrpcConfig.safeParse({ endpoint }).success).toBe(false);
  },
);
