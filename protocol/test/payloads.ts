// Payloads with something of everything, small, for mutations and benchmarks of correctness.

import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type AnyValueSchema,
  ExportLogsServiceRequestSchema,
  ExportMetricsServiceRequestSchema,
  ExportTraceServiceRequestSchema,
  type KeyValueSchema,
} from "./gen/otlp_pb.js";

type Value = MessageInitShape<typeof AnyValueSchema>;
type Pair = MessageInitShape<typeof KeyValueSchema>;

export function str(value: string): Value {
  return { value: { case: "stringValue", value } };
}

export function pair(key: string, value: Value): Pair {
  return { key, value };
}

const everyValue: Value = {
  value: {
    case: "kvlistValue",
    value: {
      values: [
        pair("list", {
          value: { case: "arrayValue", value: { values: [str("é"), { value: { case: "intValue", value: -5n } }, {}] } },
        }),
        pair("bytes", { value: { case: "bytesValue", value: Uint8Array.of(0, 255) } }),
        pair("double", { value: { case: "doubleValue", value: 0.5 } }),
        pair("bool", { value: { case: "boolValue", value: true } }),
      ],
    },
  },
};

const traceId = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const spanId = traceId.subarray(0, 8);
const resource = {
  attributes: [
    pair("service.name", str("shop")),
    pair("process.pid", { value: { case: "intValue", value: 2n ** 40n } }),
  ],
  entityRefs: [{ type: "service", idKeys: ["service.name"] }],
};
const scope = { name: "console", version: "1.0.0", attributes: [pair("a", str("b"))] };
const time = 1_700_000_000_123_456_789n;

export function logsPayload(): Uint8Array {
  const logRecords = [
    {
      timeUnixNano: time,
      observedTimeUnixNano: time + 1n,
      severityNumber: 17,
      severityText: "ERROR",
      body: str("Cannot read properties of undefined"),
      attributes: [
        pair("exception.type", str("TypeError")),
        pair("url.full", str("http://localhost:3000/")),
        pair("all", everyValue),
      ],
      droppedAttributesCount: 1,
      flags: 1,
      traceId,
      spanId,
      eventName: "exception",
    },
    { timeUnixNano: time, severityNumber: 9, body: everyValue },
    { observedTimeUnixNano: time, attributes: [pair("n", { value: { case: "intValue", value: 1n } })] },
  ];
  const scopeLogs = [
    { scope, logRecords },
    { schemaUrl: "https://example.org/1", logRecords: [{ body: str("x".repeat(140)) }] },
  ];
  return toBinary(
    ExportLogsServiceRequestSchema,
    create(ExportLogsServiceRequestSchema, {
      resourceLogs: [{ resource, scopeLogs, schemaUrl: "u" }, { scopeLogs: [{ logRecords: [{}] }] }],
    }),
  );
}

export function tracesPayload(): Uint8Array {
  const span = {
    traceId,
    spanId,
    parentSpanId: spanId,
    traceState: "a=b",
    flags: 1,
    name: "GET /",
    kind: 2,
    startTimeUnixNano: time,
    endTimeUnixNano: time + 5n,
    attributes: [pair("all", everyValue)],
    droppedAttributesCount: 1,
    events: [{ timeUnixNano: time, name: "e", attributes: [pair("k", str("v"))] }],
    links: [{ traceId, spanId, flags: 1 }],
    status: { code: 2, message: "no" },
  };
  return toBinary(
    ExportTraceServiceRequestSchema,
    create(ExportTraceServiceRequestSchema, {
      resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span, { name: "b" }] }] }],
    }),
  );
}

export function metricsPayload(): Uint8Array {
  const point = { attributes: [pair("k", str("v"))], startTimeUnixNano: time, timeUnixNano: time + 5n };
  const exemplars = [{ timeUnixNano: time, value: { case: "asInt" as const, value: -3n }, traceId, spanId }];
  const data = [
    {
      case: "gauge" as const,
      value: { dataPoints: [{ ...point, value: { case: "asDouble" as const, value: 0 } }, point] },
    },
    {
      case: "sum" as const,
      value: {
        dataPoints: [{ ...point, value: { case: "asInt" as const, value: -(2n ** 60n) }, exemplars }],
        aggregationTemporality: 2,
        isMonotonic: true,
      },
    },
    {
      case: "histogram" as const,
      value: {
        dataPoints: [{ ...point, count: 3n, sum: 0, min: 0, max: 2, bucketCounts: [1n, 2n], explicitBounds: [0.5] }],
        aggregationTemporality: 1,
      },
    },
    {
      case: "exponentialHistogram" as const,
      value: {
        dataPoints: [
          {
            ...point,
            count: 3n,
            scale: -2,
            zeroCount: 1n,
            positive: { offset: -7, bucketCounts: [1n, 2n ** 63n] },
            zeroThreshold: 0.1,
          },
        ],
      },
    },
    {
      case: "summary" as const,
      value: { dataPoints: [{ ...point, count: 3n, sum: 1.5, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
    },
  ];
  const metrics = data.map((data, i) => ({
    name: `m${i}`,
    description: "d",
    unit: "ms",
    data,
    metadata: [pair("k", str("v"))],
  }));
  return toBinary(
    ExportMetricsServiceRequestSchema,
    create(ExportMetricsServiceRequestSchema, { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }),
  );
}
