// Sent equals received: official and independent writers into our receivers, our exporters into our receivers, over real
// sockets.

import { factory as otlpGrpc } from "@chriscode/devmux-telemetry-exporters/otlp_grpc";
import { factory as otlpHttp } from "@chriscode/devmux-telemetry-exporters/otlp_http";
import type { Batch, Logs, OpaqueBatch } from "@chriscode/devmux-telemetry-protocol";
import { otlpReceiverFactory } from "@chriscode/devmux-telemetry-server";
import { accepted, type ExporterFactory } from "@chriscode/devmux-telemetry-server/component";
import {
  bodiesOf,
  freePort,
  sinkFactory,
  startTestCollector,
  type TestCollector,
  testLogs,
  testSettings,
} from "@chriscode/devmux-telemetry-server/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { attributes, type Endpoint, logWriters, opaqueWriters } from "./writers.ts";

let collector: TestCollector;
let endpoint: Endpoint;
let received: Batch[] = [];

beforeAll(async () => {
  const grpcPort = await freePort();
  const pipeline = { receivers: ["otlp"], exporters: ["sink"] };
  collector = await startTestCollector(
    {
      receivers: { otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${grpcPort}` } } } },
      exporters: { sink: {} },
      service: { pipelines: { logs: pipeline, traces: pipeline, metrics: pipeline } },
    },
    [
      otlpReceiverFactory,
      sinkFactory(
        {
          async export(batch) {
            received.push(batch);
            return accepted;
          },
        },
        { waitForResult: true },
      ),
    ],
  );
  endpoint = { http: `http://${collector.authority}`, grpc: `127.0.0.1:${grpcPort}` };
});
afterAll(async () => collector[Symbol.asyncDispose]());
beforeEach(() => {
  received = [];
});

const records = () => received.flatMap((batch) => [...(batch as Logs).records()]);

describe("logs of", () => {
  test.each(logWriters)("$name arrive, each once, with their values", async ({ name, send }) => {
    const sent = await send(endpoint);
    expect(records().map(({ body }) => (Array.isArray(body) ? body.join(" ") : String(body)))).toEqual(sent);
    for (const record of records()) {
      expect(record.resource.attribute("service.name")).toBe("peer");
      expect(record.resource.attribute("service.version")).toBe("1.2.3");
      expect(record.severityNumber).toBe(13);
    }
    if (!name.startsWith("otel-js")) return;
    for (const [index, record] of records().entries()) {
      expect(record.timeUnixNano).toBe(1_700_000_000_000_000_000n + BigInt(index) * 1_000_000n);
      expect([record.severityText, record.eventName, record.scope.name, record.scope.version]).toEqual([
        "WARN",
        "peer.event",
        "peer",
        "0.1.0",
      ]);
      expect(JSON.parse(JSON.stringify(record.attributes()))).toEqual(attributes);
    }
  });
});

describe("spans and data points of", () => {
  test.each(opaqueWriters)("$signal by $name arrive, each once", async ({ signal, send }) => {
    const { count, texts } = await send(endpoint);
    const batches = received.filter((batch): batch is OpaqueBatch => batch.signal === signal);
    expect(batches.length).toBe(received.length);
    expect(batches.reduce((sum, { itemCount }) => sum + itemCount, 0)).toBe(count);
    const all = batches.map((batch) => batch.toJson()).join("");
    for (const text of texts) expect(all).toContain(text);
  });
});

describe("our exporter", () => {
  const ours: readonly [string, ExporterFactory, () => object][] = [
    ["otlp_http proto gzip", otlpHttp as ExporterFactory, () => ({ endpoint: endpoint.http })],
    ["otlp_http proto none", otlpHttp as ExporterFactory, () => ({ endpoint: endpoint.http, compression: "none" })],
    ["otlp_http json gzip", otlpHttp as ExporterFactory, () => ({ endpoint: endpoint.http, encoding: "json" })],
    ["otlp_grpc gzip", otlpGrpc as ExporterFactory, () => ({ endpoint: `http://${endpoint.grpc}` })],
    [
      "otlp_grpc none",
      otlpGrpc as ExporterFactory,
      () => ({ endpoint: `http://${endpoint.grpc}`, compression: "none" }),
    ],
  ];

  test.each(ours)(
    "%s sends to our receiver what it got, byte for byte where it is protobuf",
    async (name, factory, config) => {
      const exporter = factory.create(testSettings(), factory.config.parse(config()));
      const batch = testLogs(1_000);
      expect(await exporter.export(batch, new AbortController().signal)).toEqual(accepted);
      await exporter.shutdown?.(AbortSignal.timeout(1_000));
      expect(received.flatMap(bodiesOf)).toEqual(bodiesOf(batch));
      if (!name.includes("json")) expect(Buffer.from(received[0]!.encode()).equals(batch.encode())).toBe(true);
      expect((received[0] as Logs).toJson()).toBe(batch.toJson());
    },
  );

  test("traces and metrics pass through receiver, queue and exporter untouched", async () => {
    const middle = await startTestCollector(
      {
        receivers: { otlp: { protocols: {} } },
        exporters: { otlp_http: { endpoint: endpoint.http } },
        service: {
          pipelines: {
            traces: { receivers: ["otlp"], exporters: ["otlp_http"] },
            metrics: { receivers: ["otlp"], exporters: ["otlp_http"] },
          },
        },
      },
      [otlpReceiverFactory, otlpHttp],
    );
    for (const { send, name } of opaqueWriters.filter(({ name }) => name.includes("http"))) {
      received = [];
      const { count, texts } = await send({ http: `http://${middle.authority}`, grpc: "" });
      while (received.reduce((sum, { itemCount }) => sum + itemCount, 0) < count) await new Promise(setImmediate);
      const all = received.map((batch) => batch.toJson()).join("");
      for (const text of texts) expect([name, all.includes(text)]).toEqual([name, true]);
    }
    await middle[Symbol.asyncDispose]();
  });
});
