// The OTel Collector's metrics by name: each is on /metrics with its labels once something has passed, or stands in the README with the
// reason why it has no meaning here.

import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { type AnyFactory, rejected, retryable, type Verdict } from "../../component/index.ts";
import { connectorFactories } from "../../connectors/index.ts";
import { batchProcessorFactory } from "../../processors/batch/factory.ts";
import { devmuxReceiverFactory, otlpReceiverFactory } from "../../receivers/index.ts";
import { contractBatches } from "../../testing/contract/batches.ts";
import { recordingExporter, sinkFactory, startTestCollector, testLogs, verdictFactory } from "../../testing/index.ts";

const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
const [here, absent] = readme.split("## What the OTel Collector has and this one has not") as [string, string];

const items = ["log_records", "spans", "metric_points"] as const;
const perSignal = (name: string, labels: readonly string[]) =>
  items.map((each) => [`${name}_${each}`, labels] as [string, readonly string[]]);

/** From the Collector's documentation of its internal telemetry and the metadata.yaml of its helpers and of the batch processor. */
const collectors: readonly [string, readonly string[]][] = [
  ...perSignal("otelcol_receiver_accepted", ["receiver", "transport"]),
  ...perSignal("otelcol_receiver_refused", ["receiver", "transport"]),
  ...perSignal("otelcol_receiver_failed", ["receiver", "transport"]),
  ["otelcol_receiver_requests", ["receiver", "transport", "outcome"]],
  ["otelcol_processor_incoming_items", ["processor", "otel_signal"]],
  ["otelcol_processor_outgoing_items", ["processor", "otel_signal"]],
  ["otelcol_processor_internal_duration", ["processor", "otel_signal", "le"]],
  ...perSignal("otelcol_exporter_sent", ["exporter"]),
  ...perSignal("otelcol_exporter_send_failed", ["exporter"]),
  ...perSignal("otelcol_exporter_enqueue_failed", ["exporter"]),
  ["otelcol_exporter_queue_size", ["exporter"]],
  ["otelcol_exporter_queue_capacity", ["exporter"]],
  ["otelcol_exporter_in_flight_requests", ["exporter"]],
  ["otelcol_processor_batch_batch_send_size", ["processor", "le"]],
  ["otelcol_processor_batch_batch_send_size_bytes", ["processor", "le"]],
  ["otelcol_processor_batch_batch_size_trigger_send", ["processor"]],
  ["otelcol_processor_batch_timeout_trigger_send", ["processor"]],
  ["otelcol_processor_batch_metadata_cardinality", ["processor"]],
  ["otelcol_process_uptime", []],
  ["otelcol_process_cpu_seconds", []],
  ["otelcol_process_memory_rss", []],
  ["otelcol_process_runtime_heap_alloc_bytes", []],
  ["otelcol_process_runtime_total_alloc_bytes", []],
  ["otelcol_process_runtime_total_sys_memory_bytes", []],
  ["otelcol_receiver_produced_items", ["receiver", "otel_signal", "outcome"]],
  ["otelcol_processor_consumed_items", ["processor", "otel_signal", "outcome"]],
  ["otelcol_processor_produced_items", ["processor", "otel_signal", "outcome"]],
  ["otelcol_connector_consumed_items", ["connector", "otel_signal", "outcome"]],
  ["otelcol_connector_produced_items", ["connector", "otel_signal", "outcome"]],
  ["otelcol_exporter_consumed_items", ["exporter", "otel_signal", "outcome"]],
];

interface World {
  readonly answer: (verdict: Verdict | "throw") => void;
  post(): Promise<number>;
  metrics(): Promise<readonly string[]>;
}

async function start(batchTimeout = "5ms"): Promise<World> {
  let verdict: Verdict | "throw" = { kind: "accepted" };
  const decide = verdictFactory(() => {
    if (verdict === "throw") throw new Error("a bug");
    return verdict;
  });
  const factories: readonly AnyFactory[] = [
    devmuxReceiverFactory,
    otlpReceiverFactory,
    decide,
    batchProcessorFactory,
    ...connectorFactories,
    sinkFactory(recordingExporter(), { waitForResult: true }),
  ];
  const batch = { timeout: batchTimeout };
  const pipeline = { processors: ["verdict", "batch"], exporters: ["forward"] };
  const running = await startTestCollector(
    {
      receivers: { devmux: {}, otlp: { protocols: {} } },
      processors: { verdict: {}, batch },
      connectors: { forward: {} },
      exporters: { sink: {} },
      service: {
        pipelines: {
          logs: { receivers: ["devmux", "otlp"], ...pipeline },
          "logs/out": { receivers: ["forward"], exporters: ["sink"] },
          traces: { receivers: ["otlp"], processors: ["verdict"], exporters: ["sink"] },
          metrics: { receivers: ["otlp"], processors: ["verdict"], exporters: ["sink"] },
        },
      },
    },
    factories,
    { controlToken: "control-token-of-this-test" },
  );
  onTestFinished(() => running[Symbol.asyncDispose]());
  const base = `http://${running.authority}`;
  const metrics = async () => (await (await fetch(`${base}/metrics`)).text()).split("\n");
  // Histograms begin with the first scrape.
  await metrics();
  return {
    metrics,
    answer: (next) => {
      verdict = next;
    },
    async post() {
      const [spans] = contractBatches("traces", 1);
      const [points] = contractBatches("metrics", 1);
      let status = 0;
      for (const [path, { encode }] of [
        ["traces", spans!],
        ["metrics", points!],
        ["logs", testLogs(4)],
      ] as const) {
        const owner = path === "logs" ? testLogs(4) : path === "traces" ? spans! : points!;
        const answer = await fetch(`${base}/v1/${path}`, {
          method: "POST",
          body: Buffer.from(encode.call(owner)),
          headers: { "content-type": "application/x-protobuf" },
        });
        await answer.arrayBuffer();
        status = answer.status;
      }
      return status;
    },
  };
}

/** The labels of a metric; where its lines differ (a receiver that has got nothing has no transport), the most. */
function labelsOf(lines: readonly string[], name: string): string[] | undefined {
  return lines
    .filter((each) => new RegExp(`^${name}(_total|_bucket)?[{ ]`).test(each))
    .map((line) => [...line.matchAll(/([a-z_]+)="/g)].map(([, label]) => label!))
    .toSorted((one, other) => other.length - one.length)[0];
}

test("each of the Collector's metrics is here with its labels, or is listed with the reason", async () => {
  const { post, metrics } = await start();
  expect(await post()).toBe(200);
  const lines = await metrics();
  for (const [name, labels] of collectors) {
    const found = labelsOf(lines, name);
    const reason = absent.split("\n").find((line) => line.includes(`\`${name}\``));
    if (reason !== undefined) expect([name, found, reason.length > name.length + 20]).toEqual([name, undefined, true]);
    else expect([name, found?.toSorted()]).toEqual([name, [...labels].sort()]);
  }
});

test("every metric that there is stands in the README, and the README names none that is not there", async () => {
  const { post, metrics, answer } = await start();
  await post();
  answer("throw");
  await post();
  const lines = await metrics();
  const real = lines
    .flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? [])
    .map((name) => name.replace(/_total$/, ""));
  const named = [...here.matchAll(/`((?:otelcol|devmux)_[a-z_]+)`/g)].map(([, name]) => name!);
  const bytes = named.filter((name) => here.includes(`\`${name}\`, \`…_bytes\``)).map((name) => `${name}_bytes`);
  const short = named.filter((name) => items.some((each) => name.endsWith(each)));
  const spelt = short.flatMap((name) => items.map((each) => name.replace(/log_records$/, each)));
  const all = [...named, ...bytes, ...spelt];
  for (const name of real.filter((each) => each !== "target_info"))
    expect([name, all.includes(name.replace(/_(seconds|bytes)$/, "")) || all.includes(name)]).toEqual([name, true]);
  for (const name of all) expect([name, real.some((each) => each.startsWith(name))]).toEqual([name, true]);
});

test("how requests end is told apart by outcome, receiver and transport", async () => {
  const { post, metrics, answer } = await start();
  expect(await post()).toBe(200);
  answer(retryable("no room"));
  expect(await post()).toBe(503);
  answer(rejected("not wanted"));
  expect(await post()).toBe(400);
  answer("throw");
  expect(await post()).toBe(400);
  const lines = await metrics();
  const value = (line: string) =>
    lines
      .find((each) => each.startsWith(`${line} `))
      ?.split(" ")
      .at(-1);
  const http = 'receiver="otlp",transport="http"';
  expect({
    accepted: value(`otelcol_receiver_accepted_log_records_total{${http}}`),
    refused: value(`otelcol_receiver_refused_log_records_total{${http}}`),
    failed: value(`otelcol_receiver_failed_log_records_total{${http}}`),
    success: value(`otelcol_receiver_requests_total{${http},outcome="success"}`),
    turnedBack: value(`otelcol_receiver_requests_total{${http},outcome="refused"}`),
    failure: value(`otelcol_receiver_requests_total{${http},outcome="failure"}`),
    consumed: value(
      'otelcol_processor_consumed_items_total{processor="verdict (logs)",otel_signal="logs",outcome="refused"}',
    ),
    threw: value(
      'otelcol_processor_consumed_items_total{processor="verdict (logs)",otel_signal="logs",outcome="failure"}',
    ),
    produced: value('otelcol_receiver_produced_items_total{receiver="otlp",otel_signal="logs",outcome="success"}'),
    lost: value(
      'devmux_dropped_items_total{kind="receiver",component="otlp",reason="internal_error",intended="false"}',
    ),
  }).toEqual({
    accepted: "4",
    refused: "8",
    failed: "4",
    success: "3",
    turnedBack: "6",
    failure: "3",
    consumed: "8",
    threw: "4",
    produced: "4",
    lost: "24",
  });
});

test("the time in a processor is its own, not that of what comes behind it", async () => {
  const { post, metrics } = await start("200ms");
  for (let time = 0; time < 5; time++) await post();
  const lines = await metrics();
  const value = (name: string) =>
    Number(
      lines
        .find((each) => each.startsWith(name))
        ?.split(" ")
        .at(-1),
    );
  const labels = '{processor="verdict (logs)",otel_signal="logs"}';
  expect(value(`otelcol_processor_internal_duration_count${labels}`)).toBe(5);
  // Behind it each batch waits for 200 ms.
  expect(value(`otelcol_processor_internal_duration_sum${labels}`)).toBeLessThan(0.5);
});
