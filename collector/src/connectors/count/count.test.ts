import { type AnyMap, type Batch, LogsBuilder, opaqueFromJson } from "@chriscode/devmux-telemetry-protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { accepted, rejected, retryable } from "../../component/index.ts";
import { type RecordingConsumer, recordingConsumer, testConnector, testSettings } from "../../testing/index.ts";
import { countConnectorFactory as factory } from "./factory.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const configs: object[] = [{}, { logs: { all: { attributes: [{ key: "log.record.uid" }] } }, max_series: 5 }];
test.each(configs.flatMap((config) => testConnector(factory, config)))("$name", async ({ run }) => {
  vi.useRealTimers();
  await run();
});

interface Point {
  metric: string;
  attributes: AnyMap;
  resource: AnyMap;
  value: number;
  from: string;
  to: string;
}

interface Pair {
  key: string;
  value: Record<string, unknown>;
}

const mapOf = (pairs: Pair[] = []) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]])) as AnyMap;

/** The data points of what was handed on, read from its bytes. */
function pointsOf(next: RecordingConsumer): Point[] {
  return next.batches.flatMap((batch) => {
    const request = JSON.parse((batch as Exclude<Batch, { signal: "logs" }>).toJson());
    return request.resourceMetrics.flatMap(
      (ofResource: { resource: { attributes?: Pair[] }; scopeMetrics: { metrics: object[] }[] }) =>
        ofResource.scopeMetrics.flatMap(({ metrics }) =>
          (
            metrics as {
              name: string;
              sum: { aggregationTemporality: number; isMonotonic: boolean; dataPoints: object[] };
            }[]
          ).flatMap(({ name, sum }) => {
            expect(sum).toMatchObject({ aggregationTemporality: 1, isMonotonic: true });
            return (
              sum.dataPoints as {
                attributes?: Pair[];
                asInt: string;
                startTimeUnixNano: string;
                timeUnixNano: string;
              }[]
            ).map((point) => ({
              metric: name,
              attributes: mapOf(point.attributes),
              resource: mapOf(ofResource.resource.attributes),
              value: Number(point.asInt),
              from: point.startTimeUnixNano,
              to: point.timeUnixNano,
            }));
          }),
        ),
    );
  });
}

function batch(bodies: readonly string[], attributes: AnyMap = {}, service = "shop", severityNumber = 9) {
  const builder = new LogsBuilder({ "service.name": service });
  for (const body of bodies) builder.add({ body, severityNumber, attributes });
  return builder.build();
}

function counter(config: object = {}, metrics: RecordingConsumer = recordingConsumer()) {
  const settings = testSettings("count");
  const connector = factory.create(settings, factory.config.parse(config), { metrics }, new Map());
  return { settings, metrics, connector };
}

test("counts the records of each resource, and tells them when the interval ends", async () => {
  const { connector, metrics, settings } = counter();
  expect(await connector.consume(batch(["a", "b"]))).toEqual(accepted);
  await vi.advanceTimersByTimeAsync(4_000);
  await connector.consume(batch(["c"], {}, "api"));
  await connector.consume(batch(["d"]));
  await vi.advanceTimersByTimeAsync(5_999);
  expect(metrics.batches).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  const period = { from: "1700000000000000000", to: "1700000010000000000" };
  expect(pointsOf(metrics)).toEqual([
    { metric: "log.record.count", attributes: {}, resource: { "service.name": "shop" }, value: 3, ...period },
    { metric: "log.record.count", attributes: {}, resource: { "service.name": "api" }, value: 1, ...period },
  ]);
  expect(settings.counters.get("records_consumed")).toBe(4);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(metrics.batches).toHaveLength(1);
});

test("by condition and attribute, with a default for those without", async () => {
  const { connector, metrics } = counter({
    logs: {
      errors: {
        description: "Errors",
        conditions: ["severity_number >= SEVERITY_NUMBER_ERROR"],
        attributes: [{ key: "file", default_value: "none" }],
      },
      with_user: { attributes: [{ key: "user" }] },
    },
  });
  await connector.consume(batch(["a", "b"], { file: "x.ts" }, "shop", 17));
  await connector.consume(batch(["c"], { user: 7 }, "shop", 17));
  await connector.consume(batch(["d"], { file: "x.ts" }));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(pointsOf(metrics).map(({ metric, attributes, value }) => [metric, attributes, value])).toEqual([
    ["errors", { file: "x.ts" }, 2],
    ["errors", { file: "none" }, 1],
    ["with_user", { user: "7" }, 1],
  ]);
});

test("spans and data points of each resource", async () => {
  const { connector, metrics } = counter();
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "api" } }] };
  const spans = [{ name: "a" }, { name: "b" }];
  await connector.consume(opaqueFromJson("traces", { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }).batch);
  const gauge = { dataPoints: [{ asInt: "1" }, { asInt: "2" }, { asInt: "3" }] };
  await connector.consume(
    opaqueFromJson("metrics", { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "n", gauge }] }] }] }).batch,
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(pointsOf(metrics).map(({ metric, resource: of, value }) => [metric, of, value])).toEqual([
    ["trace.span.count", { "service.name": "api" }, 2],
    ["metric.datapoint.count", {}, 3],
  ]);
});

test("an attribute with endless values makes no endless series", async () => {
  const { connector, metrics } = counter({ logs: { n: { attributes: [{ key: "id" }] } }, max_series: 2 });
  for (let id = 0; id < 10; id++) await connector.consume(batch(["a"], { id }));
  await connector.consume(batch(["a"], { id: 0 }));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(pointsOf(metrics).map(({ attributes, value }) => [attributes, value])).toEqual([
    [{ id: "0" }, 2],
    [{ id: "1" }, 1],
    [{ "otel.metric.overflow": true }, 8],
  ]);
});

test("counts that are turned back are told with the next interval", async () => {
  const { connector, metrics } = counter({}, recordingConsumer(retryable("full", 10)));
  await connector.consume(batch(["a"]));
  await vi.advanceTimersByTimeAsync(10_000);
  await connector.consume(batch(["b"]));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(pointsOf(metrics).map(({ value, from }) => [value, from])).toEqual([[2, "1700000000000000000"]]);
});

test("shutdown tells what was counted", async () => {
  const { connector, metrics } = counter();
  await connector.consume(batch(["a"]));
  await connector.shutdown!(AbortSignal.timeout(100));
  expect(pointsOf(metrics)).toHaveLength(1);
});

test("without a pipeline of metrics nothing is taken", async () => {
  const connector = factory.create(testSettings(), factory.config.parse({}), {}, new Map());
  expect(await connector.consume(batch(["a"]))).toEqual(
    rejected("no pipeline of metrics names the connector as a receiver"),
  );
});
