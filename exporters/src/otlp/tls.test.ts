// otlp_http and otlp_grpc over TLS, with certificates of their own, and with an authenticator, to real servers.

import { once } from "node:events";
import { copyFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import type { Authenticator, Exporter } from "@chriscode/devmux-telemetry-server/component";
import {
  type Certificate,
  makeCertificate,
  testHost,
  testLogs,
  testSettings,
  writeCertificates,
} from "@chriscode/devmux-telemetry-server/testing";
import { Server as GrpcServer, type handleUnaryCall, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { otlpGrpcConfig } from "../otlp_grpc/config.ts";
import { createOtlpGrpcExporter } from "../otlp_grpc/otlp-grpc.ts";
import { otlpHttpConfig } from "../otlp_http/config.ts";
import { createOtlpHttpExporter } from "../otlp_http/otlp-http.ts";

const never = new AbortController().signal;
let authority: Certificate;
let server: Certificate;
let directory: string;
const file = (name: string) => join(directory, name);
const disposals: (() => unknown)[] = [];

beforeAll(async () => {
  authority = await makeCertificate("authority");
  server = await makeCertificate("backend.test", authority);
  const first = await makeCertificate("first", authority);
  const second = await makeCertificate("second", authority);
  directory = await writeCertificates({ authority, first, second, used: first });
});
afterAll(() => rm(directory, { recursive: true, force: true }));
afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

interface Backend {
  readonly port: number;
  /** What each request said: the name in its client's certificate, and who it says it is. */
  readonly seen: { name: string | undefined; authorization: unknown }[];
}

/** `mutual`: only who shows a certificate of the authority is served. */
async function httpBackend(mutual: boolean): Promise<Backend> {
  const seen: Backend["seen"] = [];
  const backend: Server = createServer(
    { cert: server.cert, key: server.key, ca: authority.cert, requestCert: mutual, rejectUnauthorized: mutual },
    (request, response) => {
      const name = (request.socket as TLSSocket).getPeerCertificate().subject?.CN;
      seen.push({ name: name === undefined ? undefined : String(name), authorization: request.headers.authorization });
      request.resume().on("end", () => response.end());
    },
  );
  backend.listen(0, "127.0.0.1");
  await once(backend, "listening");
  disposals.push(() => backend.close().closeAllConnections());
  return { port: (backend.address() as AddressInfo).port, seen };
}

async function grpcBackend(mutual: boolean): Promise<Backend> {
  const seen: Backend["seen"] = [];
  const backend = new GrpcServer();
  const same = (bytes: Buffer) => bytes;
  const shape = {
    path: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  const Export: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
    const name = call.getAuthContext().sslPeerCertificate?.subject.CN;
    seen.push({
      name: name === undefined ? undefined : String(name),
      authorization: call.metadata.get("authorization")[0],
    });
    callback(null, Buffer.alloc(0));
  };
  backend.addService({ Export: shape } as ServiceDefinition, { Export });
  const pair = { private_key: Buffer.from(server.key), cert_chain: Buffer.from(server.cert) };
  const credentials = ServerCredentials.createSsl(Buffer.from(authority.cert), [pair], mutual);
  const port = await new Promise<number>((resolve, reject) =>
    backend.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  disposals.push(() => backend.forceShutdown());
  return { port, seen };
}

const kinds = [
  {
    name: "otlp_http",
    backend: httpBackend,
    make: (config: object) => createOtlpHttpExporter(testSettings("otlp_http"), otlpHttpConfig.parse(config)),
  },
  {
    name: "otlp_grpc",
    backend: grpcBackend,
    make: (config: object) => createOtlpGrpcExporter(testSettings("otlp_grpc"), otlpGrpcConfig.parse(config)),
  },
];

describe.each(kinds)("$name", ({ backend, make }) => {
  async function started(port: number, config: object, authenticator?: Authenticator): Promise<Exporter> {
    const exporter = make({ endpoint: `https://127.0.0.1:${port}`, ...config });
    await exporter.start?.(testHost(directory, { extension: () => authenticator }));
    disposals.push(() => exporter.shutdown?.(never));
    return exporter;
  }
  const send = (exporter: Exporter) => exporter.export(testLogs(1), never);

  test("the backend's certificate is checked against ca_file, by the name that is expected", async () => {
    const { port, seen } = await backend(false);
    const ca_file = file("authority.crt");
    expect(await send(await started(port, { tls: { ca_file } }))).toEqual({ kind: "accepted" });
    expect(await send(await started(port, { tls: { ca_file, server_name_override: "backend.test" } }))).toEqual({
      kind: "accepted",
    });
    expect(await send(await started(port, { tls: { insecure_skip_verify: true } }))).toEqual({ kind: "accepted" });
    expect(seen).toHaveLength(3);
    for (const tls of [{}, { ca_file, server_name_override: "other.test" }])
      expect(await send(await started(port, { tls }))).toMatchObject({ kind: "retryable" });
    expect(seen).toHaveLength(3);
  });

  test("who we are is shown by cert_file and key_file, as they are after reload_interval", async () => {
    const { port, seen } = await backend(true);
    const ca_file = file("authority.crt");
    expect(await send(await started(port, { tls: { ca_file } }))).toMatchObject({ kind: "retryable" });
    const own = { cert_file: file("used.crt"), key_file: file("used.key"), reload_interval: "20ms" };
    const use = async (name: string) => {
      for (const kind of ["crt", "key"]) await copyFile(file(`${name}.${kind}`), file(`used.${kind}`));
    };
    await use("first");
    const exporter = await started(port, { tls: { ca_file, ...own } });
    expect(await send(exporter)).toEqual({ kind: "accepted" });
    expect(seen.at(-1)?.name).toBe("first");
    await use("second");
    await expect
      .poll(async () => [(await send(exporter)).kind, seen.at(-1)?.name], { timeout: 10_000 })
      .toEqual(["accepted", "second"]);
  });

  test("an authenticator says who we are with each request", async () => {
    const { port, seen } = await backend(false);
    let token = "one";
    const authenticator: Authenticator = {
      refuse: () => undefined,
      headers: () => ({ authorization: `Bearer ${token}` }),
    };
    const tls = { ca_file: file("authority.crt") };
    const exporter = await started(port, { tls, auth: { authenticator: "bearertokenauth" } }, authenticator);
    await send(exporter);
    token = "two";
    await send(exporter);
    expect(seen.map(({ authorization }) => authorization)).toEqual(["Bearer one", "Bearer two"]);
    await expect(started(port, { tls, auth: { authenticator: "absent" } })).rejects.toThrow(
      '"absent" is no authenticator that runs; name it in service.extensions',
    );
  });

  test("a certificate that cannot be used is said at the start", async () => {
    await expect(started(1, { tls: { ca_file: "/nowhere.pem" } })).rejects.toThrow(
      "tls.ca_file: /nowhere.pem cannot be read",
    );
    await expect(started(1, { tls: { cert_file: file("first.crt"), key_file: file("second.key") } })).rejects.toThrow(
      "cannot be used",
    );
  });
});

test("a port that there is not is found with the configuration", () => {
  const problem = (endpoint: string) => otlpGrpcConfig.safeParse({ endpoint }).error?.issues[0]?.message;
  expect(problem("http://localhost:65536")).toBe("expected a port up to 65535");
  expect(problem("https://localhost:65535")).toBeUndefined();
});
