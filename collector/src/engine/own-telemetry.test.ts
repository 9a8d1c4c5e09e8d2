// What the collector tells of itself: /metrics, the status, the doctor.

import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { AnyFactory, Exporter, ProcessorFactory, QueueDefaults } from "../component/index.ts";
import { rejected } from "../component/index.ts";
import type { CollectorConfig } from "../config/shape.ts";
import { devmuxReceiverFactory, otlpReceiverFactory } from "../receivers/index.ts";
import {
  failingExporter,
  recordingExporter,
  sinkFactory,
  startTestCollector,
  stuckExporter,
  testLogs,
} from "../testing/index.ts";
import type { Diagnosis } from "./doctor/doctor.ts";
import type { StatusReport } from "./status.ts";

const controlToken = "control-token-of-this-test";

/** Leaves out every other record that it gets, and everything where it is told to. */
function halving(all = false): ProcessorFactory {
  return {
    kind: "processor",
    type: "halve",
    summary: "",
    signals: ["logs", "traces", "metrics"],
    config: z.strictObject({}),
    create: (settings, _config, next) => ({
      async consume(batch) {
        if (batch.signal !== "logs") return next.consume(batch);
        let index = 0;
        const kept = batch.select(() => !all && index++ % 2 === 0);
        settings.dropped(batch.itemCount - kept.itemCount, "halved", true);
        return kept.itemCount === 0 ? { kind: "accepted" } : next.consume(kept);
      },
    }),
  };
}

async function start(
  exporter: Exporter,
  processor = halving(),
  more: Partial<CollectorConfig> = {},
  queue: QueueDefaults = {},
) {
  const factories: AnyFactory[] = [devmuxReceiverFactory, otlpReceiverFactory, sinkFactory(exporter, queue), processor];
  const world = await startTestCollector(
    {
      receivers: { devmux: {}, otlp: { protocols: {} } },
      processors: { halve: {} },
      exporters: { sink: { retry_on_failure: { initial_interval: "10ms" } } },
      service: { pipelines: { logs: { receivers: ["devmux", "otlp"], processors: ["halve"], exporters: ["sink"] } } },
      ...more,
    },
    factories,
    { controlToken },
  );
  onTestFinished(() => world[Symbol.asyncDispose]());
  const base = `http://${world.authority}`;
  const headers = { authorization: `Bearer ${controlToken}` };
  return {
    base,
    send: async (count: number) => {
      const body = Buffer.from(testLogs(count).encode());
      const answer = await fetch(`${base}/v1/logs`, {
        method: "POST",
        body,
        headers: { "content-type": "application/x-protobuf" },
      });
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    },
    metrics: async () => (await fetch(`${base}/metrics`)).text(),
    status: async () => (await (await fetch(`${base}/api/status`, { headers })).json()) as StatusReport,
    /** It answers as soon as it knows. */
    doctor: async (timeoutMs = 10_000) =>
      (await (
        await fetch(`${base}/api/doctor?timeout_ms=${timeoutMs}`, { method: "POST", headers })
      ).json()) as Diagnosis,
  };
}

test("/metrics is Prometheus text with the Collector's names, and every number is the engine's", async () => {
  const exporter = recordingExporter();
  const { send, metrics, base } = await start(exporter);
  await metrics();
  await send(10);
  await exporter.received(5);
  const response = await fetch(`${base}/metrics`);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const lines = (await response.text()).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "# TYPE otelcol_receiver_accepted_log_records_total counter",
      'otelcol_receiver_accepted_log_records_total{receiver="otlp",transport="http"} 10',
      'otelcol_receiver_accepted_log_records_total{receiver="devmux"} 0',
      'otelcol_processor_incoming_items_total{processor="halve (logs)",otel_signal="logs"} 10',
      'otelcol_processor_outgoing_items_total{processor="halve (logs)",otel_signal="logs"} 5',
      'otelcol_exporter_sent_log_records_total{exporter="sink"} 5',
      'otelcol_exporter_queue_size{exporter="sink"} 0',
      'otelcol_exporter_queue_capacity{exporter="sink"} 67108864',
      'devmux_dropped_items_total{kind="processor",component="halve (logs)",reason="halved",intended="true"} 5',
      'otelcol_exporter_queue_batch_send_size_sum{exporter="sink",otel_signal="logs"} 5',
      'otelcol_exporter_queue_batch_send_size_count{exporter="sink",otel_signal="logs"} 1',
    ]),
  );
});

test("/metrics is for this machine and its names alone", async () => {
  const { base } = await start(recordingExporter());
  const { port } = new URL(base);
  const statusFor = (headers: Record<string, string>, host = "127.0.0.1") =>
    new Promise((resolve, reject) => {
      const sent = request({ host, port, path: "/metrics", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on("error", reject);
      sent.end();
    });
  expect(await statusFor({})).toBe(200);
  expect(await statusFor({ host: "evil.test" })).toBe(403);
  expect(await statusFor({ origin: "https://evil.test" })).toBe(403);
  const external = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === "IPv4" && !each.internal);
  // The collector of this test listens on loopback only, so nobody from outside reaches it at all.
  if (external !== undefined) await expect(statusFor({}, external.address)).rejects.toThrow("ECONNREFUSED");
});

test("the status tells rates, what passed a processor, the queue's fill and the last error", async () => {
  const exporter = failingExporter(rejected("no such tenant"));
  const { send, status } = await start(exporter, halving(), {}, { waitForResult: true });
  await send(100);
  const byKind = async () => Object.fromEntries((await status()).components.map((each) => [each.kind, each]));
  const { processor, exporter: sink } = await byKind();
  expect(processor).toMatchObject({ flow: { logs: { incoming: 100, outgoing: 50 } } });
  expect(sink).toMatchObject({
    queue: { items: 0, capacityBytes: 67_108_864 },
    drops: { rejected_by_destination: { count: 50, intended: false } },
    lastError: { message: "50 records were given up: no such tenant", at: expect.stringMatching(/^\d{4}-/) },
  });
  const rate = async () => (await status()).components.find(({ id }) => id === "otlp")?.perSecond;
  await expect.poll(rate, { timeout: 5_000 }).toBeGreaterThan(0);
});

test("the doctor's canary passes every pipeline, whatever the signal", async () => {
  const { doctor } = await start(recordingExporter(), halving(), {
    service: {
      pipelines: {
        logs: { receivers: ["devmux"], processors: ["halve"], exporters: ["sink"] },
        "logs/plain": { receivers: ["devmux"], exporters: ["sink"] },
        traces: { receivers: ["otlp"], processors: ["halve"], exporters: ["sink"] },
        metrics: { receivers: ["otlp"], exporters: ["sink"] },
      },
    },
  });
  const { healthy, pipelines } = await doctor();
  expect(healthy).toBe(true);
  const outcomes = pipelines.map(({ id, steps }) => [id, steps.map(({ kind, outcome }) => `${kind} ${outcome}`)]);
  expect(Object.fromEntries(outcomes)).toEqual({
    logs: ["pipeline passed", "processor passed", "exporter passed"],
    "logs/plain": ["pipeline passed", "exporter passed"],
    traces: ["pipeline passed", "processor passed", "exporter passed"],
    metrics: ["pipeline passed", "exporter passed"],
  });
});

test("the doctor says where the canary stopped: a processor, a destination that refuses", async () => {
  const stopped = await start(recordingExporter(), halving(true));
  const { healthy, pipelines } = await stopped.doctor(300);
  expect(healthy).toBe(false);
  expect(pipelines[0]?.steps).toMatchObject([
    { kind: "pipeline", outcome: "passed" },
    { kind: "processor", id: "halve", outcome: "stopped" },
    { kind: "exporter", id: "sink", outcome: "not_reached" },
  ]);
  const refusing = await start(failingExporter(rejected("no such tenant")));
  expect((await refusing.doctor()).pipelines[0]?.steps.at(-1)).toMatchObject({
    kind: "exporter",
    outcome: "failed",
    reason: "no such tenant",
  });
});

test("the doctor does not wait for ever for an exporter that hangs, or a backend that is away", async () => {
  const hanging = stuckExporter();
  const [hung, away] = await Promise.all([start(hanging), start(failingExporter())]);
  const [one, two] = await Promise.all([hung.doctor(1_000), away.doctor(1_000)]);
  expect(one.pipelines[0]?.steps.at(-1)).toMatchObject({ outcome: "waiting" });
  expect(two.pipelines[0]?.steps.at(-1)).toMatchObject({ outcome: "failed", reason: "it is broken" });
  hanging.release();
});

test("status and doctor need the token", async () => {
  const { base } = await start(recordingExporter());
  for (const [method, path] of [
    ["GET", "/api/status"],
    ["POST", "/api/doctor"],
  ] as const)
    expect((await fetch(base + path, { method })).status).toBe(401);
});
