// What the official JavaScript serializers write for a fixed set of records, spans and metrics: all kinds of values, and the
// odd ones that they let through. `node protocol/test/make-fixtures.mjs` keeps it in fixtures/.

import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";

type LogRecords = Parameters<typeof JsonLogsSerializer.serializeRequest>[0];
type Spans = Parameters<typeof JsonTraceSerializer.serializeRequest>[0];
type Metrics = Parameters<typeof JsonMetricsSerializer.serializeRequest>[0];

const resource = resourceFromAttributes(
  { "service.name": "shop", "process.pid": 4711, "host.ip": ["10.0.0.1", "::1"] },
  { schemaUrl: "https://opentelemetry.io/schemas/1.45.0" },
);
const scope = {
  name: "console",
  version: "1.2.3",
  schemaUrl: "https://example.org/scope",
  attributes: { "scope.attribute": true },
};
const plainScope = { name: "plain" };
const hrTime = [1_700_000_000, 123_456_789] as const;
const spanContext = { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174", traceFlags: 1 };

const logRecord = {
  hrTime,
  hrTimeObserved: [1_700_000_000, 124_000_000],
  severityNumber: 17,
  severityText: "ERROR",
  body: "Cannot read properties of undefined (reading 'total')",
  eventName: "exception",
  spanContext,
  resource,
  instrumentationScope: scope,
  attributes: {
    "exception.type": "TypeError",
    "http.request.method": "GET",
    count: 42,
    negative: -7,
    half: 0.5,
    large: Number.MAX_SAFE_INTEGER,
    yes: true,
    list: ["a", 1, false, null],
    map: { nested: { deep: "é \u{1f600}" } },
    bytes: Uint8Array.of(0, 1, 254, 255),
  },
  droppedAttributesCount: 2,
};

export const logRecords = [
  logRecord,
  {
    ...logRecord,
    instrumentationScope: plainScope,
    spanContext: undefined,
    eventName: undefined,
    body: { status: "ok", items: [1, 2] },
    attributes: {},
  },
  {
    hrTime: [0, 0],
    hrTimeObserved: hrTime,
    resource: resourceFromAttributes({ "service.name": "cart" }),
    instrumentationScope: plainScope,
    attributes: { tooLarge: 1e21, notANumber: Number.NaN, nothing: undefined, empty: "", zero: 0 },
    droppedAttributesCount: 0,
  },
] as unknown as LogRecords;

const spans = [
  {
    name: "GET /cart",
    kind: 1,
    spanContext: () => spanContext,
    parentSpanContext: { ...spanContext, spanId: "00f067aa0ba902b7", isRemote: true },
    startTime: hrTime,
    endTime: [1_700_000_001, 5],
    status: { code: 2, message: "failed" },
    attributes: { "url.full": "http://localhost/cart", n: 1 },
    links: [{ context: { ...spanContext, spanId: "1111111111111111" }, attributes: { reason: "retry" } }],
    events: [{ name: "exception", time: hrTime, attributes: { "exception.type": "Error" } }],
    droppedAttributesCount: 1,
    droppedEventsCount: 2,
    droppedLinksCount: 3,
    resource,
    instrumentationScope: scope,
  },
  {
    name: "root",
    kind: 0,
    spanContext: () => spanContext,
    startTime: hrTime,
    endTime: hrTime,
    status: { code: 0 },
    attributes: {},
    links: [],
    events: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    resource,
    instrumentationScope: plainScope,
  },
] as unknown as Spans;

const point = { startTime: hrTime, endTime: [1_700_000_010, 0], attributes: { route: "/cart" } };
const descriptor = { name: "requests", description: "how many", unit: "1", valueType: 0 };
const buckets = { boundaries: [0, 5, 10], counts: [0, 1, 2, 0] };
const exponential = { offset: -3, bucketCounts: [1, 0, 2] };

const metrics = {
  resource,
  scopeMetrics: [
    {
      scope,
      metrics: [
        {
          descriptor,
          dataPointType: 3,
          aggregationTemporality: 1,
          isMonotonic: true,
          dataPoints: [
            { ...point, value: 12 },
            { ...point, value: 0 },
          ],
        },
        {
          descriptor: { ...descriptor, valueType: 1 },
          dataPointType: 2,
          aggregationTemporality: 1,
          dataPoints: [{ ...point, value: 0.25 }],
        },
        {
          descriptor,
          dataPointType: 0,
          aggregationTemporality: 0,
          dataPoints: [{ ...point, value: { buckets, count: 3, sum: 17.5, min: 4, max: 9 } }],
        },
        {
          descriptor,
          dataPointType: 1,
          aggregationTemporality: 0,
          dataPoints: [
            {
              ...point,
              value: {
                count: 4,
                sum: 1,
                scale: -2,
                zeroCount: 1,
                positive: exponential,
                negative: { offset: 0, bucketCounts: [] },
              },
            },
          ],
        },
      ],
    },
  ],
} as unknown as Metrics;

/** File name and bytes of each payload. */
export function officialPayloads(): Readonly<Record<string, Uint8Array>> {
  return {
    "otel-js-logs.json": JsonLogsSerializer.serializeRequest(logRecords)!,
    "otel-js-logs.bin": ProtobufLogsSerializer.serializeRequest(logRecords)!,
    "otel-js-traces.json": JsonTraceSerializer.serializeRequest(spans)!,
    "otel-js-traces.bin": ProtobufTraceSerializer.serializeRequest(spans)!,
    "otel-js-metrics.json": JsonMetricsSerializer.serializeRequest(metrics)!,
    "otel-js-metrics.bin": ProtobufMetricsSerializer.serializeRequest(metrics)!,
  };
}
