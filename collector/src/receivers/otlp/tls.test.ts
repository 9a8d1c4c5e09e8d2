// OTLP over TLS and mutual TLS, by HTTP and by gRPC, over real sockets, and certificates that change while it runs.

import { once } from "node:events";
import { copyFile, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { Client, credentials, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accepted, type Batch } from "../../component/index.ts";
import {
  bodiesOf,
  type Certificate,
  freePort,
  makeCertificate,
  silentLog,
  sinkFactory,
  startTestCollector,
  type TestCollector,
  testLogs,
  writeCertificates,
} from "../../testing/index.ts";
import { otlpReceiverFactory } from "./factory.ts";

let authority: Certificate;
let app: Certificate;
let stranger: Certificate;
let directory: string;
let taken: Batch[] = [];
/** What the collector warns of. */
let warnings: string[] = [];
const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };

beforeAll(async () => {
  authority = await makeCertificate("authority");
  const other = await makeCertificate("other authority");
  app = await makeCertificate("app", authority);
  stranger = await makeCertificate("stranger", other);
  directory = await writeCertificates({
    authority,
    server: await makeCertificate("server", authority),
    next: await makeCertificate("next", authority),
    app,
  });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Ports {
  readonly http: number;
  readonly grpc: number;
}

async function serving(tls: object): Promise<TestCollector & Ports> {
  taken = [];
  warnings = [];
  const ports = { http: await freePort(), grpc: await freePort() };
  const collector = await startTestCollector(configOf(ports, tls), factories, { log });
  return { ...collector, ...ports };
}

const sink = {
  async export(batch: Batch) {
    taken.push(batch);
    return accepted;
  },
};

const factories = [otlpReceiverFactory, sinkFactory(sink, { waitForResult: true })];

function configOf(ports: Ports, tls: object) {
  const secured = { cert_file: join(directory, "server.crt"), key_file: join(directory, "server.key"), ...tls };
  const protocols = {
    http: { endpoint: `127.0.0.1:${ports.http}`, tls: secured },
    grpc: { endpoint: `127.0.0.1:${ports.grpc}`, tls: secured },
  };
  return {
    receivers: { otlp: { protocols } },
    exporters: { sink: {} },
    service: { pipelines: { logs: { receivers: ["otlp"], exporters: ["sink"] } } },
  };
}

/** The status of a POST; rejects where there is no answer. */
async function post(port: number, options: https.RequestOptions = {}): Promise<number> {
  const headers = { "content-type": "application/x-protobuf" };
  const call = https.request({
    host: "127.0.0.1",
    port,
    path: "/v1/logs",
    method: "POST",
    ca: authority.cert,
    agent: false,
    headers,
    ...options,
  });
  call.end(testLogs(1, "http").encode());
  const [response] = await once(call, "response");
  response.resume();
  return response.statusCode;
}

function call(port: number, shown?: Certificate, ca: string = authority.cert): Promise<Buffer | undefined> {
  const same = (bytes: Buffer) => bytes;
  const own = shown === undefined ? [] : [Buffer.from(shown.key), Buffer.from(shown.cert)];
  const client = new Client(`127.0.0.1:${port}`, credentials.createSsl(Buffer.from(ca), ...own));
  const path = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
  return new Promise<Buffer | undefined>((resolve, reject) => {
    client.makeUnaryRequest(path, same, same, Buffer.from(testLogs(1, "grpc").encode()), (error, value) =>
      error ? reject(error) : resolve(value),
    );
  }).finally(() => client.close());
}

/** The name in the certificate that a port shows. */
async function seen(port: number, ALPNProtocols: string[]): Promise<string> {
  const socket: TLSSocket = connect({ host: "127.0.0.1", port, ca: authority.cert, ALPNProtocols });
  await once(socket, "secureConnect");
  const name = String(socket.getPeerCertificate().subject.CN);
  socket.destroy();
  return name;
}

const bodies = () => taken.flatMap(bodiesOf);

describe("TLS", () => {
  test("HTTP and gRPC are served with the certificate, and nothing in the clear", async () => {
    await using collector = await serving({});
    expect(await post(collector.http)).toBe(200);
    await call(collector.grpc);
    expect(bodies()).toEqual(["http0", "grpc0"]);
    await expect(fetch(`http://127.0.0.1:${collector.http}/v1/logs`, { method: "POST" })).rejects.toThrow();
    await expect(post(collector.http, { ca: stranger.cert })).rejects.toThrow(/certificate/);
    await expect(call(collector.grpc, undefined, stranger.cert)).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  test("an older version than min_version is turned away", async () => {
    await using collector = await serving({ min_version: 1.3 });
    await expect(post(collector.http, { maxVersion: "TLSv1.2" })).rejects.toThrow(/version/i);
    expect(await post(collector.http, { minVersion: "TLSv1.3" })).toBe(200);
  });

  test("with client_ca_file only who shows a certificate of it is served", async () => {
    await using collector = await serving({ client_ca_file: join(directory, "authority.crt") });
    expect(await post(collector.http, app)).toBe(200);
    await call(collector.grpc, app);
    for (const shown of [undefined, stranger]) {
      await expect(post(collector.http, shown)).rejects.toThrow();
      await expect(call(collector.grpc, shown)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    }
    expect(bodies()).toEqual(["http0", "grpc0"]);
  });

  test("certificates are read again after reload_interval, connections stay, half a pair changes nothing", async () => {
    for (const kind of ["crt", "key"])
      await copyFile(join(directory, `server.${kind}`), join(directory, `used.${kind}`));
    const used = { cert_file: join(directory, "used.crt"), key_file: join(directory, "used.key") };
    await using collector = await serving({ ...used, reload_interval: "20ms" });
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    expect(await post(collector.http, { agent })).toBe(200);
    expect([await seen(collector.http, ["http/1.1"]), await seen(collector.grpc, ["h2"])]).toEqual([
      "server",
      "server",
    ]);
    // Who writes a file anew empties it first.
    await writeFile(join(directory, "used.crt"), "");
    await expect
      .poll(() => warnings, { timeout: 10_000 })
      .toContainEqual(expect.stringContaining("used.crt holds no PEM"));
    expect(await seen(collector.http, ["http/1.1"])).toBe("server");
    // A certificate without its key is what a reader sees in the middle of a replacement.
    await copyFile(join(directory, "next.crt"), join(directory, "used.crt"));
    await expect
      .poll(() => warnings, { timeout: 10_000 })
      .toContainEqual(expect.stringContaining("used.key cannot be used"));
    expect(await seen(collector.http, ["http/1.1"])).toBe("server");
    await copyFile(join(directory, "next.key"), join(directory, "used.key"));
    await expect.poll(() => seen(collector.http, ["http/1.1"]), { timeout: 10_000 }).toBe("next");
    await expect.poll(() => seen(collector.grpc, ["h2"]), { timeout: 10_000 }).toBe("next");
    expect(await post(collector.http, { agent })).toBe(200);
    agent.destroy();
  });

  test("a reload with other TLS at the same address takes effect; one that cannot be used changes nothing", async () => {
    await using collector = await serving({});
    const both = async () => [await seen(collector.http, ["http/1.1"]), await seen(collector.grpc, ["h2"])];
    const change = (tls: object) => collector.collector.reload({ config: configOf(collector, tls), factories });
    const other = { cert_file: join(directory, "next.crt"), key_file: join(directory, "next.key") };
    expect(await both()).toEqual(["server", "server"]);
    await change(other);
    expect(await both()).toEqual(["next", "next"]);
    await change({ ...other, client_ca_file: join(directory, "authority.crt") });
    await expect(post(collector.http)).rejects.toThrow();
    await expect(call(collector.grpc)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(await post(collector.http, app)).toBe(200);
    await call(collector.grpc, app);
    await expect(change({ cert_file: "/nowhere/server.crt" })).rejects.toThrow("/nowhere/server.crt cannot be read");
    expect(await post(collector.http, app)).toBe(200);
    await call(collector.grpc, app);
    await change({});
    expect(await both()).toEqual(["server", "server"]);
    expect(await post(collector.http)).toBe(200);
    await call(collector.grpc);
  });

  test("what cannot be used is said at the start, with its option and file", async () => {
    await expect(serving({ cert_file: "/nowhere/server.crt" })).rejects.toThrow(
      "tls.cert_file: /nowhere/server.crt cannot be read (ENOENT); name a PEM file",
    );
    await expect(serving({ key_file: join(directory, "app.key") })).rejects.toThrow(
      /tls: .*server\.crt and .*app\.key cannot be used/,
    );
  });
});
