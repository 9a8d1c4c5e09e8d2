import { type AnyMap, type Logs, LogsBuilder, opaqueFromJson } from "@chriscode/devmux-telemetry-protocol";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  type AnyFactory,
  accepted,
  type ExporterFactory,
  type Outputs,
  partlyAccepted,
  type ReceiverFactory,
  retryable,
  type Verdict,
} from "../../component/index.ts";
import { createBlueprint } from "../../config/blueprint.ts";
import { ConfigError } from "../../config/problems.ts";
import type { CollectorConfig } from "../../config/shape.ts";
import {
  type RecordingExporter,
  recordingConsumer,
  recordingExporter,
  startTestCollector,
  testConnector,
  testLogs,
  testSettings,
} from "../../testing/index.ts";
import { countConnectorFactory } from "../count/factory.ts";
import { forwardConnectorFactory } from "../forward/factory.ts";
import { routingConnectorFactory as factory } from "./factory.ts";

const pipelines = ["logs/a", "logs/b", "logs/rest", "traces/a", "metrics/a"];
const config = {
  table: [
    { condition: "severity_number >= SEVERITY_NUMBER_WARN", pipelines: ["logs/a"] },
    { condition: 'resource.attributes["service.name"] == "shop"', pipelines: ["logs/b", "traces/a"] },
  ],
  default_pipelines: ["logs/rest", "metrics/a"],
};
test.each([...testConnector(factory, config, { pipelines }), ...testConnector(factory)])("$name", ({ run }) => run());

function batch(bodies: readonly string[], severityNumber = 9, resource: AnyMap = {}): Logs {
  const builder = new LogsBuilder({ "service.name": "api", ...resource });
  for (const body of bodies) builder.add({ body, severityNumber });
  return builder.build();
}

function router(options: object, ...verdicts: readonly Verdict[]) {
  const sinks = new Map(["logs/a", "logs/b", "logs/rest", "traces/a"].map((id) => [id, recordingConsumer()]));
  if (verdicts.length > 0) sinks.set("logs/b", recordingConsumer(...verdicts));
  const settings = testSettings("routing");
  const connector = factory.create(settings, factory.config.parse(options), {}, sinks);
  return {
    settings,
    connector,
    bodies: (id: string) => sinks.get(id)!.bodies,
    batches: (id: string) => sinks.get(id)!.batches,
  };
}

test("the first rule that matches takes a record; what none takes goes to the default", async () => {
  const { connector, bodies, settings } = router({
    table: [
      { condition: 'body == "1" or body == "2"', pipelines: ["logs/a"] },
      { condition: 'body == "2" or body == "3"', pipelines: ["logs/b"] },
    ],
    default_pipelines: ["logs/rest"],
  });
  expect(await connector.consume(batch(["1", "2", "3", "4"]))).toEqual(accepted);
  expect([bodies("logs/a"), bodies("logs/b"), bodies("logs/rest")]).toEqual([["1", "2"], ["3"], ["4"]]);
  expect(settings.drops.size).toBe(0);
});

test("a copy goes on to the rules behind", async () => {
  const { connector, bodies } = router({
    table: [
      { condition: "severity_number >= SEVERITY_NUMBER_ERROR", pipelines: ["logs/a"], action: "copy" },
      { condition: "true", pipelines: ["logs/b"] },
    ],
  });
  await connector.consume(batch(["e"], 17));
  await connector.consume(batch(["i"]));
  expect([bodies("logs/a"), bodies("logs/b")]).toEqual([["e"], ["e", "i"]]);
});

test("by stream; a batch that goes one way is handed on as it is", async () => {
  const { connector, batches } = router({
    table: [{ condition: 'stream == "browser:localhost-3000"', pipelines: ["logs/a"] }],
    default_pipelines: ["logs/rest"],
  });
  const browser = batch(["x"], 9, { "devmux.platform": "browser", "url.full": "http://localhost:3000/" });
  await connector.consume(browser);
  await connector.consume(batch(["y"]));
  expect(batches("logs/a")).toEqual([browser]);
  expect(batches("logs/rest")).toHaveLength(1);
});

test("without a default what no rule takes is dropped, and counted", async () => {
  const { connector, settings } = router({ table: [{ condition: 'body == "1"', pipelines: ["logs/a"] }] });
  expect(await connector.consume(batch(["1", "2", "3"]))).toEqual(accepted);
  expect(settings.drops.get("no_route")).toBe(2);
});

test("spans go by their resource alone", async () => {
  const { connector, batches, settings } = router({
    table: [
      { condition: "body == nil", pipelines: ["traces/a"] },
      { condition: 'resource.attributes["service.name"] == "shop"', pipelines: ["traces/a"] },
    ],
  });
  const spansOf = (service: string) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeSpans: [{ spans: [{ name: service }] }],
  });
  await connector.consume(opaqueFromJson("traces", { resourceSpans: ["shop", "api", "shop"].map(spansOf) }).batch);
  expect(batches("traces/a").map(({ itemCount }) => itemCount)).toEqual([2]);
  expect(settings.drops.get("no_route")).toBe(1);
});

test("a part that is turned back goes back as a whole where nothing was taken, and is tried again where something was", async () => {
  const table = [
    { condition: 'body == "1"', pipelines: ["logs/a"] },
    { condition: 'body == "2"', pipelines: ["logs/b"] },
  ];
  const alone = router({ table }, retryable("full", 1));
  expect(await alone.connector.consume(batch(["2"]))).toEqual(retryable("full", 1));
  const both = router({ table }, retryable("full", 1), retryable("full", 1));
  expect(await both.connector.consume(batch(["1", "2"]))).toEqual(accepted);
  expect([both.bodies("logs/a"), both.bodies("logs/b")]).toEqual([["1"], ["2"]]);
  const part = router({ table }, partlyAccepted(1, "malformed"));
  expect(await part.connector.consume(batch(["1", "2"]))).toEqual(partlyAccepted(1, "malformed"));
});

/** A receiver and exporters that a test holds in its hands, in a collector of its own. */
async function inCollector(configuration: CollectorConfig) {
  let outputs: Outputs = {};
  const source: ReceiverFactory = {
    kind: "receiver",
    type: "source",
    summary: "a test's own",
    signals: ["logs"],
    config: z.strictObject({}),
    create: (_settings, _config, given) => {
      outputs = given;
      return {};
    },
  };
  const sinks = new Map<string, RecordingExporter>();
  const sink: ExporterFactory = {
    kind: "exporter",
    type: "sink",
    summary: "a test's own",
    signals: ["logs", "metrics"],
    config: z.strictObject({}),
    create: ({ id }) => {
      sinks.set(id, recordingExporter());
      return sinks.get(id)!;
    },
  };
  const factories: AnyFactory[] = [
    source,
    sink,
    factory,
    forwardConnectorFactory,
    countConnectorFactory,
  ] as AnyFactory[];
  return {
    ...(await startTestCollector(configuration, factories)),
    sinks,
    send: (logs: Logs) => outputs.logs!.consume(logs),
  };
}

test("in a collector: routed, forwarded and counted through its pipelines", async () => {
  await using collector = await inCollector({
    receivers: { source: {} },
    exporters: { "sink/errors": {}, "sink/rest": {}, "sink/counts": {} },
    connectors: {
      routing: {
        table: [{ condition: "severity_number >= SEVERITY_NUMBER_ERROR", pipelines: ["logs/errors"] }],
        default_pipelines: ["logs/rest"],
      },
      forward: {},
      count: { interval: "10ms" },
    },
    service: {
      pipelines: {
        logs: { receivers: ["source"], exporters: ["forward"] },
        "logs/split": { receivers: ["forward"], exporters: ["routing"] },
        "logs/errors": { receivers: ["routing"], exporters: ["sink/errors", "count"] },
        "logs/rest": { receivers: ["routing"], exporters: ["sink/rest"] },
        metrics: { receivers: ["count"], exporters: ["sink/counts"] },
      },
    },
  });
  expect(await collector.send(testLogs(3))).toEqual(accepted);
  expect(await collector.send(batch(["bad"], 17))).toEqual(accepted);
  const { sinks } = collector;
  await Promise.all([sinks.get("sink/rest")!.received(3), sinks.get("sink/errors")!.received(1)]);
  expect(sinks.get("sink/errors")!.bodies).toEqual(["bad"]);
  await collector.collector.shutdown(2_000);
  expect(sinks.get("sink/counts")!.batches.map(({ itemCount }) => itemCount)).toEqual([1]);
});

test("in a configuration: pipelines that are not fed, and signals that do not fit, are said together", () => {
  const problemsOf = (connectors: object, pipelinesOf: object): string[] => {
    try {
      const raw = {
        receivers: { source: {} },
        exporters: { sink: {} },
        connectors,
        service: { pipelines: pipelinesOf },
      };
      const source = { kind: "receiver", type: "source", signals: ["logs"], config: z.strictObject({}) };
      const sink = { kind: "exporter", type: "sink", signals: ["logs", "metrics"], config: z.strictObject({}) };
      createBlueprint(raw, [source, sink, factory, countConnectorFactory] as unknown as AnyFactory[]);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
      throw error;
    }
  };
  expect(
    problemsOf(
      {
        routing: {
          table: [{ condition: "true", pipelines: ["logs/erors"] }],
          default_pipelines: ["logs"],
        },
        count: {},
      },
      {
        logs: { receivers: ["source"], exporters: ["routing", "count"] },
        "logs/errors": { receivers: ["routing", "count"], exporters: ["sink"] },
      },
    ),
  ).toEqual([
    'connectors.routing.table[0].pipelines[0]: "logs/erors" is no pipeline that has "routing" as a receiver; did you mean "logs/errors"?',
    'connectors.routing.default_pipelines[0]: "logs" is no pipeline that has "routing" as a receiver (known: logs/errors)',
    "connectors.count: is fed with logs, but no pipeline of metrics names it as a receiver",
    "connectors.count: is a receiver of logs/errors, but nothing that feeds it gives logs",
  ]);
});
