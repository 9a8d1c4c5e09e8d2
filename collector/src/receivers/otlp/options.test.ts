// The otlp receiver's options beside addresses and sizes, over real sockets: who may send, what is answered, when connections end.

import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { accepted, type Batch } from "../../component/index.ts";
import { createBlueprint } from "../../config/blueprint.ts";
import { ConfigError } from "../../config/problems.ts";
import { bearerTokenAuthFactory } from "../../extensions/index.ts";
import { bodiesOf, freePort, silentLog, sinkFactory, startTestCollector, testLogs } from "../../testing/index.ts";
import { otlpReceiverConfig } from "./config.ts";
import { otlpReceiverFactory } from "./factory.ts";

interface Served extends AsyncDisposable {
  readonly base: string;
  readonly grpcPort: number;
  bodies(): unknown[];
}

interface Options {
  readonly http?: object;
  readonly grpc?: object;
  readonly bearer?: object;
  readonly started?: boolean;
}

async function serving({ http: ofHttp, grpc: ofGrpc, bearer, started = true }: Options): Promise<Served> {
  const taken: Batch[] = [];
  const grpcPort = await freePort();
  const httpPort = await freePort();
  const sink = {
    async export(batch: Batch) {
      taken.push(batch);
      return accepted;
    },
  };
  const collector = await startTestCollector(
    {
      extensions: bearer === undefined ? {} : { bearertokenauth: bearer },
      receivers: {
        otlp: {
          protocols: {
            http: { endpoint: `127.0.0.1:${httpPort}`, ...ofHttp },
            grpc: { endpoint: `127.0.0.1:${grpcPort}`, ...ofGrpc },
          },
        },
      },
      exporters: { sink: {} },
      service: {
        extensions: bearer !== undefined && started ? ["bearertokenauth"] : [],
        pipelines: { logs: { receivers: ["otlp"], exporters: ["sink"] } },
      },
    },
    [otlpReceiverFactory, bearerTokenAuthFactory, sinkFactory(sink, { waitForResult: true })],
  );
  return {
    base: `http://127.0.0.1:${httpPort}`,
    grpcPort,
    bodies: () => taken.flatMap(bodiesOf),
    [Symbol.asyncDispose]: () => collector[Symbol.asyncDispose](),
  };
}

const protobuf = { "content-type": "application/x-protobuf" };

function post({ base }: Served, headers: Record<string, string> = {}, body: Uint8Array = testLogs(1).encode()) {
  return fetch(`${base}/v1/logs`, { method: "POST", headers: { ...protobuf, ...headers }, body: body as BodyInit });
}

/** The code that a call over gRPC ends with. */
function callCode({ grpcPort }: Served, authorization?: string): Promise<status> {
  const same = (bytes: Buffer) => bytes;
  const client = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set("authorization", authorization);
  const path = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
  return new Promise<status>((resolve) => {
    client.makeUnaryRequest(
      path,
      same,
      same,
      Buffer.from(testLogs(1).encode()),
      metadata,
      (error: ServiceError | null) => resolve(error?.code ?? status.OK),
    );
  }).finally(() => client.close());
}

const auth = { auth: { authenticator: "bearertokenauth" } };

describe("auth", () => {
  test("only who names a token is let in, also on this machine, by HTTP and by gRPC", async () => {
    await using served = await serving({ http: auth, grpc: auth, bearer: { tokens: ["first-token", "second-token"] } });
    const refused = await post(served);
    expect([refused.status, refused.headers.get("content-type")]).toEqual([401, "application/x-protobuf"]);
    expect(Buffer.from(await refused.arrayBuffer()).toString()).toContain(
      "authorization: expected Bearer <a token of bearertokenauth>",
    );
    for (const wrong of ["Bearer first", "Basic first-token", "first-token", "Bearer first-token2"]) {
      expect([wrong, (await post(served, { authorization: wrong })).status]).toEqual([wrong, 401]);
      expect([wrong, await callCode(served, wrong)]).toEqual([wrong, status.UNAUTHENTICATED]);
    }
    expect(await callCode(served)).toBe(status.UNAUTHENTICATED);
    expect(served.bodies()).toEqual([]);
    for (const right of ["Bearer first-token", "bearer second-token"]) {
      expect((await post(served, { authorization: right })).status).toBe(200);
      expect(await callCode(served, right)).toBe(status.OK);
    }
    expect(served.bodies()).toHaveLength(4);
  });

  test("tokens of a file are those that it has now", async () => {
    const directory = await mkdtemp(join(tmpdir(), "devmux-auth-"));
    const filename = join(directory, "tokens");
    await writeFile(filename, "old-token\nother-token\n");
    await using served = await serving({ http: auth, bearer: { filename } });
    const statusOf = async (token: string) => (await post(served, { authorization: `Bearer ${token}` })).status;
    expect([await statusOf("old-token"), await statusOf("other-token")]).toEqual([200, 200]);
    await writeFile(filename, "new-token\n");
    await expect.poll(() => statusOf("new-token"), { timeout: 10_000 }).toBe(200);
    expect(await statusOf("old-token")).toBe(401);
    // What cannot be read lets in nobody new and shuts out nobody.
    await rm(filename);
    expect(await statusOf("new-token")).toBe(200);
    await rm(directory, { recursive: true });
  });

  test("an authenticator that is not configured, or not started, is found with the configuration", async () => {
    await expect(serving({ http: auth })).rejects.toThrow(ConfigError);
    await expect(serving({ http: auth })).rejects.toThrow('"bearertokenauth" is no authenticator that is configured');
    await expect(serving({ grpc: auth, bearer: { token: "t" }, started: false })).rejects.toThrow(
      "add it to service.extensions",
    );
  });

  test("an authenticator without a secret is found with the configuration", async () => {
    await expect(serving({ http: auth, bearer: {} })).rejects.toThrow(ConfigError);
    await expect(serving({ http: auth, bearer: {} })).rejects.toThrow(
      "extensions.bearertokenauth: there is no token; name the secret that is asked for as token, tokens or filename",
    );
  });
});

describe("http", () => {
  test("response_headers are in every answer", async () => {
    await using served = await serving({ http: { response_headers: { "x-served-by": "devmux" } } });
    for (const answer of [await post(served), await post(served, { "content-type": "text/xml" })])
      expect(answer.headers.get("x-served-by")).toBe("devmux");
  });

  test("compression_algorithms are those that are taken", async () => {
    await using served = await serving({ http: { compression_algorithms: ["gzip"] } });
    const bytes = testLogs(1).encode();
    expect((await post(served, { "content-encoding": "gzip" }, gzipSync(bytes))).status).toBe(200);
    const refused = await post(served, { "content-encoding": "deflate" }, deflateSync(bytes));
    expect([refused.status, Buffer.from(await refused.arrayBuffer()).toString()]).toEqual([
      415,
      expect.stringContaining('expected one of gzip, got "deflate"'),
    ]);
    expect((await post(served)).status).toBe(415);
  });

  test("cors.allowed_headers are what a page may send", async () => {
    await using served = await serving({ http: { cors: { allowed_headers: ["x-tenant"] } } });
    const headers = {
      origin: "http://localhost:3000",
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-other",
    };
    const answer = await fetch(`${served.base}/v1/logs`, { method: "OPTIONS", headers });
    expect(answer.headers.get("access-control-allow-headers")).toBe("x-tenant");
  });

  test("with keep_alives_enabled: false a connection carries one request", async () => {
    await using served = await serving({ http: { keep_alives_enabled: false } });
    const call = http.request(`${served.base}/v1/logs`, {
      method: "POST",
      headers: protobuf,
      agent: new http.Agent({ keepAlive: true }),
    });
    call.end(testLogs(1).encode());
    const [response] = (await once(call, "response")) as [http.IncomingMessage];
    expect(response.headers.connection).toBe("close");
    response.resume();
    await once(response.socket, "close");
  });

  test("idle_timeout ends a connection that asks nothing more", async () => {
    await using served = await serving({ http: { idle_timeout: "100ms" } });
    const socket = connect(Number(new URL(served.base).port), "127.0.0.1");
    socket.write(
      "POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
    );
    const [answer] = await once(socket, "data");
    expect(String(answer)).toContain("200 OK");
    socket.resume();
    await once(socket, "end");
    socket.destroy();
  });
});

test("a client that goes away within its request is counted, and no error of ours", async () => {
  const errors: string[] = [];
  const httpPort = await freePort();
  await using collector = await startTestCollector(
    {
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${httpPort}` } } } },
      exporters: { sink: {} },
      service: { pipelines: { logs: { receivers: ["otlp"], exporters: ["sink"] } } },
    },
    [otlpReceiverFactory, sinkFactory({ export: async () => accepted })],
    { log: { ...silentLog, error: (message) => void errors.push(message) } },
  );
  const socket = connect(httpPort, "127.0.0.1");
  socket.write("POST /v1/logs HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 100\r\n\r\n{");
  await once(socket, "data");
  socket.destroy();
  const refused = () =>
    collector.collector.status().components.find(({ id }) => id === "otlp")?.counters.refused_requests;
  await expect.poll(refused, { timeout: 10_000 }).toBe(1);
  expect(errors).toEqual([]);
});

describe("grpc", () => {
  test("max_connection_idle ends a connection without calls", async () => {
    await using served = await serving({
      grpc: { keepalive: { server_parameters: { max_connection_idle: "50ms" } } },
    });
    const session = connectHttp2(`http://127.0.0.1:${served.grpcPort}`);
    const [code] = await once(session, "goaway");
    expect(code).toBe(0);
    session.destroy();
  });

  test("keepalive's time is between two pings, and a client that does not answer within timeout is let go", async () => {
    const server_parameters = { time: "1s", timeout: "50ms" };
    await using served = await serving({ grpc: { keepalive: { server_parameters } } });
    const session = connectHttp2(`http://127.0.0.1:${served.grpcPort}`);
    const asked = once(session, "ping");
    // Says that it speaks HTTP/2 and has no settings; then nothing, whatever comes.
    const mute = connect(served.grpcPort, "127.0.0.1");
    mute.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    mute.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    mute.resume();
    await Promise.all([asked, once(mute, "close")]);
    expect(session.closed).toBe(false);
    session.destroy();
  });

  test("max_concurrent_streams is what a client is told", async () => {
    await using served = await serving({ grpc: { max_concurrent_streams: 7 } });
    const session = connectHttp2(`http://127.0.0.1:${served.grpcPort}`);
    const [settings] = await once(session, "remoteSettings");
    expect(settings.maxConcurrentStreams).toBe(7);
    session.destroy();
  });

  test("max_connection_age ends a connection, and the client is told to make another", async () => {
    await using served = await serving({
      grpc: { keepalive: { server_parameters: { max_connection_age: "100ms", max_connection_age_grace: "100ms" } } },
    });
    const session = connectHttp2(`http://127.0.0.1:${served.grpcPort}`);
    const [code] = await once(session, "goaway");
    expect(code).toBe(0);
    session.destroy();
  });
});

test("the collector's own port, which is in the clear, is no place for TLS", () => {
  const address = { host: "127.0.0.1", port: 9876 };
  const plan = (tls: object) =>
    createBlueprint(
      {
        receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:9876", ...tls } } } },
        exporters: { sink: {} },
        service: { pipelines: { logs: { receivers: ["otlp"], exporters: ["sink"] } } },
      },
      [otlpReceiverFactory, sinkFactory({ export: async () => accepted })],
      { address },
    );
  expect(() => plan({})).not.toThrow();
  expect(() => plan({ tls: { cert_pem: "c", key_pem: "k" } })).toThrow(
    "port 9876 on 127.0.0.1 is claimed by telemetry.port with other TLS; give one of them another port",
  );
});

describe("options that have no meaning here", () => {
  const problems = (protocols: object) =>
    otlpReceiverConfig
      .safeParse({ protocols })
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);

  test("are refused with what to do instead", () => {
    expect(
      problems({ grpc: { read_buffer_size: 1, transport: "unix", keepalive: { enforcement_policy: {} } } }),
    ).toEqual([
      "protocols.grpc.transport: only TCP is served; name host:port as endpoint",
      "protocols.grpc.keepalive.enforcement_policy: Node's HTTP/2 answers pings whenever they come, and cannot be told otherwise; leave it out",
      "protocols.grpc.read_buffer_size: Node sizes the buffers of its sockets itself; leave it out",
    ]);
    expect(
      problems({
        http: { include_metadata: true, write_timeout: "5s", tls: { key_pem: "k", cert_pem: "c", cipher_suites: [] } },
      }),
    ).toEqual([
      "protocols.http.tls.cipher_suites: the choice of ciphers is Node's, which knows the current safe ones; leave it out",
      "protocols.http.write_timeout: an answer is shorter than a packet; leave it out",
      "protocols.http.include_metadata: nothing here reads what a client sends beside its telemetry; leave it out",
    ]);
    expect(problems({ http: { tls: { cert_file: "a" } } })).toEqual([
      "protocols.http.tls.key_file: a certificate and its key belong together; give this one too",
    ]);
    expect(problems({ http: { tls: {} } })).toEqual([
      "protocols.http.tls.cert_file: a server needs a certificate: give cert_file and key_file, or cert_pem and key_pem",
    ]);
  });

  test("are taken where they say what is so anyway", () => {
    expect(
      problems({ grpc: { transport: "tcp", include_metadata: false }, http: { include_metadata: false } }),
    ).toBeUndefined();
  });
});
