// The OTLP specification as tests: one for each statement of opentelemetry-proto's docs/specification.md that a server must
// or should keep, over real sockets.

import { once } from "node:events";
import http from "node:http";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accepted, type Batch, partlyAccepted, rejected, retryable, type Verdict } from "../../component/index.ts";
import {
  bodiesOf,
  freePort,
  sinkFactory,
  startTestCollector,
  type TestCollector,
  testLogs,
  verdictFactory,
} from "../../testing/index.ts";
import { otlpReceiverFactory } from "./factory.ts";

let collector: TestCollector;
let base: string;
let grpcPort: number;
/** What the pipeline answers next; accepted when nothing is set. */
let verdict: Verdict = accepted;
let taken: Batch[] = [];

const maxBytes = 256 * 1024;

beforeAll(async () => {
  grpcPort = await freePort();
  const sink = {
    async export(batch: Batch) {
      taken.push(batch);
      return accepted;
    },
  };
  collector = await startTestCollector(
    {
      receivers: {
        otlp: {
          protocols: {
            http: {
              endpoint: `127.0.0.1:${await freePort()}`,
              max_request_body_size: maxBytes,
              cors: { allowed_origins: ["https://app.example.dev"] },
            },
            grpc: { endpoint: `127.0.0.1:${grpcPort}`, max_recv_msg_size_mib: 1 },
          },
        },
      },
      processors: { verdict: {} },
      exporters: { sink: {} },
      service: {
        pipelines: {
          logs: { receivers: ["otlp"], processors: ["verdict"], exporters: ["sink"] },
          traces: { receivers: ["otlp"], processors: ["verdict"], exporters: ["sink"] },
        },
      },
    },
    [otlpReceiverFactory, verdictFactory(() => verdict), sinkFactory(sink, { waitForResult: true })],
  );
  base = `http://${collector.authority}`;
});
afterAll(async () => collector[Symbol.asyncDispose]());
beforeEach(() => {
  verdict = accepted;
  taken = [];
});

const json = "application/json";
const protobuf = "application/x-protobuf";
const bodies = () => taken.flatMap(bodiesOf);

function post(
  body: Uint8Array | string,
  contentType: string = json,
  headers: Record<string, string> = {},
  path = "/v1/logs",
): Promise<Response> {
  return fetch(base + path, {
    method: "POST",
    headers: { "content-type": contentType, ...headers },
    body: body as BodyInit,
  });
}

interface Answered {
  readonly statusCode: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request without a body, of any method and with a path that is sent as it is: `fetch` would mend both. */
async function ask(method: string, path: string, contentType = protobuf): Promise<Answered> {
  const { hostname: host, port } = new URL(base);
  const call = http.request({ host, port, method, path, agent: false, headers: { "content-type": contentType } }).end();
  const [response] = (await once(call, "response")) as [http.IncomingMessage];
  const body = Buffer.concat(await response.toArray());
  return { statusCode: response.statusCode, headers: response.headers, body };
}

const request = (...records: object[]) => JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] });
const record = (text: string, more: object = {}) => ({ body: { stringValue: text }, ...more });
const first = () => [...(taken[0] as Logs).records()][0]!;

/** google.rpc.Status in either encoding: enough of protobuf to read field 2, the message. */
async function statusOf(response: Response): Promise<{ code: number; message: string }> {
  if (response.headers.get("content-type") === json)
    return (await response.json()) as { code: number; message: string };
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes[0]).toBe(0x08);
  const at = bytes.indexOf(0x12);
  const wide = bytes[at + 1]! > 0x7f ? 1 : 0;
  return { code: bytes[1]!, message: bytes.subarray(at + 2 + wide).toString() };
}

describe("B1 HTTP transport", () => {
  test("1 POST /v1/logs and /v1/traces are taken", async () => {
    expect((await post(request(record("a")))).status).toBe(200);
    expect((await post(new Uint8Array(), protobuf, {}, "/v1/traces")).status).toBe(200);
    expect(bodies()).toEqual(["a"]);
  });

  test("2 HTTP/1.1 is served", async () => {
    const incoming = await new Promise<http.IncomingMessage>((resolve) => {
      http.request(`${base}/v1/logs`, { method: "POST", headers: { "content-type": json } }, resolve).end("{}");
    });
    expect([incoming.httpVersion, incoming.statusCode]).toEqual(["1.1", 200]);
    incoming.resume();
  });

  test("3 Content-Encoding gzip and none are taken; zstd and deflate too", async () => {
    const body = request(record("zipped"));
    expect((await post(body)).status).toBe(200);
    expect((await post(gzipSync(body), json, { "content-encoding": "gzip" })).status).toBe(200);
    expect((await post(zstdCompressSync(body), json, { "content-encoding": "zstd" })).status).toBe(200);
    expect(bodies()).toEqual(["zipped", "zipped", "zipped"]);
  });

  test("4 protobuf and JSON are taken on the same port, with parameters and in any case", async () => {
    for (const type of [json, `${json}; charset=utf-8`, "Application/JSON"])
      expect((await post(request(record("x")), type)).status).toBe(200);
    for (const type of [protobuf, `${protobuf};a=b`])
      expect((await post(testLogs(1, "y").encode(), type)).status).toBe(200);
    expect(bodies()).toEqual(["x", "x", "x", "y0", "y0"]);
  });

  test("5 the answer's Content-Type is the request's, in success and failure", async () => {
    for (const type of [json, protobuf]) {
      const good = await post(type === json ? "{}" : new Uint8Array(), type);
      const bad = await post("\u0001not otlp", type);
      expect([good.status, good.headers.get("content-type")]).toEqual([200, type]);
      expect([bad.status, bad.headers.get("content-type")]).toEqual([400, type]);
    }
  });

  test("6 a body over the limit is 413, before it is read and after it is decompressed", async () => {
    const large = request(record("x".repeat(maxBytes)));
    expect((await post(large)).status).toBe(413);
    const memoryBefore = process.memoryUsage().rss;
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(maxBytes);
    const answer = await post(bomb, json, { "content-encoding": "gzip" });
    expect(answer.status).toBe(413);
    expect((await statusOf(answer)).message).toContain(String(maxBytes));
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(64 * 1024 * 1024);
    const promised = await new Promise<http.IncomingMessage>((resolve) => {
      const headers = { "content-type": json, "content-length": String(maxBytes + 1) };
      http
        .request(`${base}/v1/logs`, { method: "POST", headers }, resolve)
        .on("error", () => undefined)
        .flushHeaders();
    });
    expect(promised.statusCode).toBe(413);
    promised.destroy();
  });

  test("7 an answer stays small, however long the reason", async () => {
    verdict = partlyAccepted(1, "r".repeat(100_000));
    const answer = await post(request(record("a"), record("b")));
    expect((await answer.text()).length).toBeLessThan(1_100);
  });

  test("8 an answer is compressed for nobody who did not ask, and needs it for nobody who did", async () => {
    for (const accept of ["identity", "gzip"]) {
      const answer = await post(request(record("a")), json, { "accept-encoding": accept });
      expect([answer.status, answer.headers.get("content-encoding"), await answer.text()]).toEqual([200, null, "{}"]);
    }
  });

  test("9 many posts use one connection", async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let index = 0; index < 20; index++) {
      const call = http.request(`${base}/v1/logs`, { method: "POST", agent, headers: { "content-type": json } });
      call.end("{}");
      const [answer] = (await once(call, "response")) as [http.IncomingMessage];
      ports.add(answer.socket.localPort);
      answer.resume();
      await once(answer, "end");
    }
    agent.destroy();
    expect(ports.size).toBe(1);
  });
});

describe("B2 HTTP results", () => {
  test("11 full success is 200 with partial_success unset: {} or no bytes", async () => {
    expect(await (await post(request(record("a")))).text()).toBe("{}");
    expect((await (await post(testLogs(1).encode(), protobuf)).arrayBuffer()).byteLength).toBe(0);
  });

  test("12 a request without telemetry is 200", async () => {
    const nothing = [
      "{}",
      '{"resourceLogs":[]}',
      '{"resourceLogs":[{"scopeLogs":[]}]}',
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[]}]}]}',
    ];
    for (const body of nothing) expect((await post(body)).status).toBe(200);
    expect((await post(new Uint8Array(), protobuf)).status).toBe(200);
    expect(taken).toEqual([]);
  });

  test("13 partial success is 200 with the count and a message", async () => {
    verdict = partlyAccepted(1, "one was too long");
    const answer = await post(request(record("a"), record("b")));
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { partialSuccess: { rejectedLogRecords: "1", errorMessage: "one was too long" } },
    ]);
    verdict = partlyAccepted(1, "x");
    const binary = Buffer.from(await (await post(testLogs(2).encode(), protobuf)).arrayBuffer());
    expect([...binary]).toEqual([0x0a, 5, 0x08, 1, 0x12, 1, "x".charCodeAt(0)]);
  });

  test("14 a warning is 200 with no count and a message", async () => {
    verdict = { kind: "accepted", reason: "slow down, please" };
    expect(await (await post(request(record("a")))).json()).toMatchObject({
      partialSuccess: { errorMessage: "slow down, please" },
    });
  });

  test("15 every 4xx and 5xx body is a google.rpc.Status in the request's encoding", async () => {
    verdict = retryable("full", 2_500);
    const busy = await post(request(record("a")));
    verdict = rejected("no");
    const answers = new Map<number, Response>([
      [400, await post(request(record("a")), protobuf)],
      [404, await post("{}", json, {}, "/v1/metrics")],
      [405, await fetch(`${base}/v1/logs`, { headers: { "content-type": json } })],
      [413, await post("x".repeat(maxBytes + 1))],
      [415, await post("<xml/>", "text/xml")],
      [503, busy],
    ]);
    for (const [expected, answer] of answers) {
      expect(answer.status).toBe(expected);
      const { code, message } = await statusOf(answer);
      expect([expected, code > 0, message.length > 0]).toEqual([expected, true, true]);
    }
    for (const method of ["PUT", "DELETE", "PATCH", "HEAD", "PROPFIND", "M-SEARCH", "TRACE"]) {
      const answer = await ask(method, "/v1/logs");
      expect([method, answer.statusCode, answer.headers.allow, answer.headers["content-type"]]).toEqual([
        method,
        405,
        "POST",
        protobuf,
      ]);
    }
    const codes = { [protobuf]: Buffer.of(0x08, 5), [json]: Buffer.from('{"code":5') };
    for (const [contentType, begin] of Object.entries(codes))
      for (const path of ["/v1/profiles", "/v1/%zz", "/v1/%", "/v1/logs%2", "/v1/logs/%ff"])
        for (const method of ["POST", "GET", "DELETE", "PROPFIND"]) {
          const { statusCode, headers, body } = await ask(method, path, contentType);
          expect([method, path, statusCode, headers["content-type"]]).toEqual([method, path, 404, contentType]);
          expect(body.subarray(0, begin.length)).toEqual(begin);
          expect(body.toString()).toContain(path);
        }
  });

  test("16 what cannot be decoded is 400 and says where", async () => {
    expect((await statusOf(await post("{"))).message).toMatch(/byte \d+/);
    const cut = testLogs(1).encode().slice(0, -3);
    expect((await statusOf(await post(cut, protobuf))).message).toMatch(/byte \d+/);
    expect((await post("no gzip", json, { "content-encoding": "gzip" })).status).toBe(400);
    expect((await post(gzipSync("{}").subarray(0, 12), json, { "content-encoding": "gzip" })).status).toBe(400);
  });

  test("17 overload is 503 with Retry-After", async () => {
    verdict = retryable("the queues are full", 2_500);
    const answer = await post(request(record("a")));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "3"]);
    expect(taken).toEqual([]);
  });

  test("18 bad data is never answered with a retryable code, nor a transient refusal with another", async () => {
    for (const body of ["{", '{"resourceLogs":5}', "[]", "5", "null"]) expect((await post(body)).status).toBe(400);
    verdict = retryable("later");
    expect((await post(request(record("a")))).status).toBe(503);
    verdict = rejected("never");
    expect((await post(request(record("a")))).status).toBe(400);
  });

  test("19 what a client sends again, having got no answer, is taken", async () => {
    const body = request(record("again"));
    const lost = http.request(`${base}/v1/logs`, { method: "POST", headers: { "content-type": json } });
    lost.on("error", () => undefined).end(body);
    await expect.poll(() => taken.length, { timeout: 10_000 }).toBe(1);
    lost.destroy();
    expect((await post(body)).status).toBe(200);
    expect(bodies()).toEqual(["again", "again"]);
  });

  test("20 one bad record does not fail the others", async () => {
    const answer = await post(request(record("good"), { body: { stringValue: 5 } }, record("too")));
    expect(answer.status).toBe(200);
    const { partialSuccess } = (await answer.json()) as {
      partialSuccess: { rejectedLogRecords: string; errorMessage: string };
    };
    expect(partialSuccess.rejectedLogRecords).toBe("1");
    expect(partialSuccess.errorMessage).toContain("logRecords[1]");
    expect(bodies()).toEqual(["good", "too"]);
  });

  test("20 nor does it in protobuf, where what is wrong is the record's own", async () => {
    const many = Object.fromEntries(Array.from({ length: 17_000 }, (_, index) => [String(index), true]));
    const builder = new LogsBuilder({ "service.name": "app" });
    builder.add({ body: "good" });
    builder.add({ body: "bad", attributes: many });
    builder.add({ body: "too" });
    const answer = await post(builder.build().encode(), protobuf);
    expect(answer.status).toBe(200);
    const bytes = Buffer.from(await answer.arrayBuffer());
    // partial_success { rejected_log_records: 1, error_message: … }
    expect([bytes[0], bytes.includes(Buffer.from([0x08, 1, 0x12]))]).toEqual([0x0a, true]);
    expect(bodies()).toEqual(["good", "too"]);
  });
});

describe("B3 JSON", () => {
  test("21 ids are hex, in any case", async () => {
    await post(request(record("x", { traceId: "5B8EFFF798038103D269B633813FC60C", spanId: "eee19b7ec3c1b174" })));
    expect([first().traceId, first().spanId]).toEqual(["5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"]);
  });

  test("22 enums are integers; names are refused for that record", async () => {
    await post(
      request(record("number", { severityNumber: 9 }), record("name", { severityNumber: "SEVERITY_NUMBER_INFO" })),
    );
    expect(bodies()).toEqual(["number"]);
  });

  test("23 unknown fields are ignored, at any level, of any type", async () => {
    const noise = { unknown: [{ a: null }], x: 1e300 };
    const body = {
      ...noise,
      resourceLogs: [
        { ...noise, resource: { ...noise }, scopeLogs: [{ ...noise, logRecords: [record("kept", noise)] }] },
      ],
    };
    expect((await post(JSON.stringify(body))).status).toBe(200);
    expect(bodies()).toEqual(["kept"]);
  });

  test("24 only lowerCamelCase keys are known", async () => {
    await post(request(record("x", { trace_id: "5b8efff798038103d269b633813fc60c", severity_number: 17 })));
    expect([first().traceId, first().severityNumber]).toEqual(["", 0]);
  });

  test("25 64-bit integers are strings or numbers, exact past 2^53", async () => {
    const attributes = [
      { key: "text", value: { intValue: "9223372036854775807" } },
      { key: "number", value: { intValue: 42 } },
    ];
    await post(request(record("x", { timeUnixNano: "1700000000123456789", attributes })));
    expect(first().timeUnixNano).toBe(1700000000123456789n);
    expect([first().attribute("text"), first().attribute("number")]).toEqual([9223372036854775807n, 42]);
    expect((taken[0] as Logs).toJson()).toContain('"intValue":"9223372036854775807"');
  });

  test("26 bytes are base64 of both alphabets, doubles may be named, null is the default", async () => {
    const attributes = [
      { key: "bytes", value: { bytesValue: "+/8=" } },
      { key: "url", value: { bytesValue: "-_8" } },
      { key: "nan", value: { doubleValue: "NaN" } },
      { key: "low", value: { doubleValue: "-Infinity" } },
      { key: "null", value: null },
    ];
    await post(request(record("x", { attributes, severityText: null })));
    expect(first().attribute("bytes")).toEqual(new Uint8Array([0xfb, 0xff]));
    expect(first().attribute("url")).toEqual(new Uint8Array([0xfb, 0xff]));
    expect([first().attribute("nan"), first().attribute("low"), first().attribute("null")]).toEqual([
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      null,
    ]);
  });

  test("28 invalid UTF-8, lone surrogates and depth bombs are 400, never a crash", async () => {
    expect((await post(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))).status).toBe(400);
    const deep = (levels: number) =>
      `${'{"kvlistValue":{"values":[{"key":"k","value":'.repeat(levels)}{}${"}]}}".repeat(levels)}`;
    const answer = await post(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${deep(4_000)}}]}]}]}`);
    expect([200, 400]).toContain(answer.status);
    expect(bodies()).toEqual([]);
    expect((await post(request(record("alive")))).status).toBe(200);
  });
});

describe("B4 data model", () => {
  test("29 ids of a wrong length or all zero are absent, the record is kept", async () => {
    await post(request(record("x", { traceId: "00000000000000000000000000000000", spanId: "abcd" })));
    expect([first().traceId, first().spanId, first().body]).toEqual(["", "", "x"]);
  });

  test("30 a record without an observed time gets one; the time to show is the record's, else the observed one", async () => {
    const before = Date.now();
    await post(
      request(
        record("observed", { observedTimeUnixNano: "5000000" }),
        record("both", { timeUnixNano: "7000000", observedTimeUnixNano: "5000000" }),
        record("timed", { timeUnixNano: "7000000" }),
        record("neither"),
      ),
    );
    const [observed, both, timed, neither] = [...(taken[0] as Logs).records()];
    expect([observed!.timeMs, both!.timeMs, timed!.timeMs]).toEqual([5, 7, 7]);
    expect(both!.observedTimeUnixNano).toBe(5_000_000n);
    for (const { observedTimeUnixNano } of [timed!, neither!]) {
      expect(Number(observedTimeUnixNano / 1_000_000n)).toBeGreaterThanOrEqual(before);
    }
    expect(neither!.timeMs).toBeGreaterThanOrEqual(before);
  });

  test("31 severities 0 to 24 and all flags are kept", async () => {
    await post(
      request(...Array.from({ length: 25 }, (_, number) => record("x", { severityNumber: number, flags: 0xffffff01 }))),
    );
    const records = [...(taken[0] as Logs).records()];
    expect(records.map(({ severityNumber }) => severityNumber)).toEqual(
      Array.from({ length: 25 }, (_, number) => number),
    );
    expect(records[0]!.flags).toBe(0xffffff01);
  });

  test("32 event name, dropped counts, schema URLs and scope attributes survive", async () => {
    const body = {
      resourceLogs: [
        {
          schemaUrl: "r",
          resource: { droppedAttributesCount: 2 },
          scopeLogs: [
            {
              schemaUrl: "s",
              scope: { name: "n", attributes: [{ key: "a", value: { boolValue: true } }] },
              logRecords: [{ eventName: "e", droppedAttributesCount: 3 }],
            },
          ],
        },
      ],
    };
    await post(JSON.stringify(body));
    const out = JSON.parse((taken[0] as Logs).toJson());
    expect(out.resourceLogs[0]).toMatchObject(body.resourceLogs[0]!);
    const again = [...Logs.fromProtobuf(taken[0]!.encode()).records()][0]!;
    expect([
      again.eventName,
      again.droppedAttributesCount,
      again.scope.attribute("a"),
      again.scope.schemaUrl,
      again.resource.schemaUrl,
    ]).toEqual(["e", 3, true, "s", "r"]);
  });

  test("33 attributes and bodies hold any value, mixed arrays and the empty one too", async () => {
    const values = {
      values: [
        { stringValue: "a" },
        { intValue: 1 },
        {},
        { arrayValue: {} },
        { kvlistValue: { values: [{ key: "k" }] } },
      ],
    };
    await post(request({ body: { arrayValue: values }, attributes: [{ key: "empty", value: {} }] }));
    expect(first().body).toEqual(["a", 1, null, [], Object.assign(Object.create(null), { k: null })]);
    expect(first().attribute("empty")).toBeNull();
  });

  test("35 unknown protobuf fields pass through untouched", async () => {
    const bytes = Buffer.concat([testLogs(1, "x").encode(), Buffer.from([0xa2, 0x06, 3, 1, 2, 3])]);
    expect((await post(bytes, protobuf)).status).toBe(200);
    expect(Buffer.from(taken[0]!.encode()).equals(bytes)).toBe(true);
  });
});

describe("B5 gRPC", () => {
  const paths = {
    logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
  };
  let client: Client;
  beforeAll(() => {
    client = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure(), {
      "grpc.default_compression_algorithm": 0,
    });
  });
  afterAll(() => client.close());

  function call(path: string, body: Uint8Array, metadata = new Metadata(), using = client): Promise<Buffer> {
    const same = (bytes: Buffer) => bytes;
    return new Promise((resolve, reject) => {
      using.makeUnaryRequest(path, same, same, Buffer.from(body), metadata, (error, value) =>
        error ? reject(error) : resolve(value as Buffer),
      );
    });
  }
  const refusal = (path: string, body: Uint8Array, metadata?: Metadata) =>
    call(path, body, metadata).then(
      () => expect.fail("it was taken"),
      (error: ServiceError) => error,
    );

  test("36 unary Export of the services of signals that have a pipeline", async () => {
    await call(paths.logs, testLogs(2, "g").encode());
    await call(paths.traces, new Uint8Array());
    expect(bodies()).toEqual(["g0", "g1"]);
  });

  test("37 gzip and none; over the limit is RESOURCE_EXHAUSTED without a wait", async () => {
    const zipping = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure(), {
      "grpc.default_compression_algorithm": 2,
    });
    await call(paths.logs, testLogs(200, "z").encode(), new Metadata(), zipping);
    zipping.close();
    expect(bodies()).toHaveLength(200);
    const error = await refusal(paths.logs, testLogs(1, "x".repeat(1024 * 1024)).encode());
    expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(error.metadata.get("grpc-status-details-bin")).toEqual([]);
  });

  test("38 success, partial success and warning as over HTTP", async () => {
    expect(await call(paths.logs, testLogs(1).encode())).toHaveLength(0);
    verdict = partlyAccepted(1, "x");
    expect([...(await call(paths.logs, testLogs(2).encode()))]).toEqual([0x0a, 5, 0x08, 1, 0x12, 1, 0x78]);
  });

  test("39 overload is UNAVAILABLE with RetryInfo", async () => {
    verdict = retryable("full", 1_500);
    const error = await refusal(paths.logs, testLogs(1).encode());
    expect(error.code).toBe(status.UNAVAILABLE);
    const [details] = error.metadata.get("grpc-status-details-bin");
    expect(String(details)).toContain("type.googleapis.com/google.rpc.RetryInfo");
    // Duration { seconds: 1, nanos: 500000000 }
    expect(Buffer.from(details as Buffer).includes(Buffer.from([0x08, 1, 0x10, 0x80, 0xca, 0xb5, 0xee, 0x01]))).toBe(
      true,
    );
  });

  test("40 bad data is INVALID_ARGUMENT and says where", async () => {
    const error = await refusal(paths.logs, testLogs(1).encode().slice(0, -2));
    expect([error.code, /byte \d+/.test(error.details)]).toEqual([status.INVALID_ARGUMENT, true]);
  });

  test("41 many calls at once on one connection", async () => {
    await Promise.all(Array.from({ length: 100 }, (_, index) => call(paths.logs, testLogs(1, "c", index).encode())));
    expect(new Set(bodies()).size).toBe(100);
  });

  test("42 a signal without a pipeline is UNIMPLEMENTED", async () => {
    expect((await refusal(paths.metrics, new Uint8Array())).code).toBe(status.UNIMPLEMENTED);
  });
});

describe("browsers", () => {
  test("a page of this machine gets its exact origin, a foreign one nothing", async () => {
    const origin = "http://localhost:3000";
    const preflight = (from: string) =>
      fetch(`${base}/v1/logs`, {
        method: "OPTIONS",
        headers: {
          origin: from,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type",
        },
      });
    const good = await preflight(origin);
    expect([good.status, good.headers.get("access-control-allow-origin"), good.headers.get("vary")]).toEqual([
      204,
      origin,
      expect.stringContaining("Origin"),
    ]);
    const bad = await preflight("http://evil.test");
    expect([bad.status, bad.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    const answer = await post(request(record("a")), json, { origin });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, origin]);
  });

  test("an origin that the configuration names is let in, one that only looks like it is not", async () => {
    for (const [origin, status] of [
      ["https://app.example.dev", 200],
      ["https://app.example.dev.evil.test", 403],
      ["http://app.example.dev", 403],
    ] as const) {
      expect([origin, (await post("{}", json, { origin })).status]).toEqual([origin, status]);
    }
  });

  test("a simple request cannot write: no other content type is taken", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      expect((await post(request(record("sneaked")), type)).status).toBe(415);
    }
    expect(taken).toEqual([]);
  });
});
