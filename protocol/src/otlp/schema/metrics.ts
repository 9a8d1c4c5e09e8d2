// Messages of opentelemetry.proto.metrics.v1 and its ExportMetricsServiceRequest, schema 1.11.

import { instrumentationScope, keyValue, resource } from "./common.ts";
import { type Message, message } from "./message.ts";

export const exemplar: Message = message(
  "Exemplar",
  ["filteredAttributes", 7, keyValue, "repeated"],
  ["timeUnixNano", 2, "fixed64"],
  ["asDouble", 3, "double", "oneof"],
  ["asInt", 6, "sfixed64", "oneof"],
  ["spanId", 4, "spanId"],
  ["traceId", 5, "traceId"],
);

export const numberDataPoint: Message = message(
  "NumberDataPoint",
  ["attributes", 7, keyValue, "repeated"],
  ["startTimeUnixNano", 2, "fixed64"],
  ["timeUnixNano", 3, "fixed64"],
  ["asDouble", 4, "double", "oneof"],
  ["asInt", 6, "sfixed64", "oneof"],
  ["exemplars", 5, exemplar, "repeated"],
  ["flags", 8, "uint32"],
);

export const histogramDataPoint: Message = message(
  "HistogramDataPoint",
  ["attributes", 9, keyValue, "repeated"],
  ["startTimeUnixNano", 2, "fixed64"],
  ["timeUnixNano", 3, "fixed64"],
  ["count", 4, "fixed64"],
  ["sum", 5, "double", "optional"],
  ["bucketCounts", 6, "fixed64", "repeated"],
  ["explicitBounds", 7, "double", "repeated"],
  ["exemplars", 8, exemplar, "repeated"],
  ["flags", 10, "uint32"],
  ["min", 11, "double", "optional"],
  ["max", 12, "double", "optional"],
);

export const buckets: Message = message("Buckets", ["offset", 1, "sint32"], ["bucketCounts", 2, "uint64", "repeated"]);

export const exponentialHistogramDataPoint: Message = message(
  "ExponentialHistogramDataPoint",
  ["attributes", 1, keyValue, "repeated"],
  ["startTimeUnixNano", 2, "fixed64"],
  ["timeUnixNano", 3, "fixed64"],
  ["count", 4, "fixed64"],
  ["sum", 5, "double", "optional"],
  ["scale", 6, "sint32"],
  ["zeroCount", 7, "fixed64"],
  ["positive", 8, buckets],
  ["negative", 9, buckets],
  ["flags", 10, "uint32"],
  ["exemplars", 11, exemplar, "repeated"],
  ["min", 12, "double", "optional"],
  ["max", 13, "double", "optional"],
  ["zeroThreshold", 14, "double"],
);

export const valueAtQuantile: Message = message("ValueAtQuantile", ["quantile", 1, "double"], ["value", 2, "double"]);

export const summaryDataPoint: Message = message(
  "SummaryDataPoint",
  ["attributes", 7, keyValue, "repeated"],
  ["startTimeUnixNano", 2, "fixed64"],
  ["timeUnixNano", 3, "fixed64"],
  ["count", 4, "fixed64"],
  ["sum", 5, "double"],
  ["quantileValues", 6, valueAtQuantile, "repeated"],
  ["flags", 8, "uint32"],
);

export const gauge: Message = message("Gauge", ["dataPoints", 1, numberDataPoint, "repeated"]);

export const sum: Message = message(
  "Sum",
  ["dataPoints", 1, numberDataPoint, "repeated"],
  ["aggregationTemporality", 2, "enum"],
  ["isMonotonic", 3, "bool"],
);

export const histogram: Message = message(
  "Histogram",
  ["dataPoints", 1, histogramDataPoint, "repeated"],
  ["aggregationTemporality", 2, "enum"],
);

export const exponentialHistogram: Message = message(
  "ExponentialHistogram",
  ["dataPoints", 1, exponentialHistogramDataPoint, "repeated"],
  ["aggregationTemporality", 2, "enum"],
);

export const summary: Message = message("Summary", ["dataPoints", 1, summaryDataPoint, "repeated"]);

export const metric: Message = message(
  "Metric",
  ["name", 1, "string"],
  ["description", 2, "string"],
  ["unit", 3, "string"],
  ["gauge", 5, gauge, "oneof"],
  ["sum", 7, sum, "oneof"],
  ["histogram", 9, histogram, "oneof"],
  ["exponentialHistogram", 10, exponentialHistogram, "oneof"],
  ["summary", 11, summary, "oneof"],
  ["metadata", 12, keyValue, "repeated"],
);

export const scopeMetrics: Message = message(
  "ScopeMetrics",
  ["scope", 1, instrumentationScope],
  ["metrics", 2, metric, "repeated"],
  ["schemaUrl", 3, "string"],
);

export const resourceMetrics: Message = message(
  "ResourceMetrics",
  ["resource", 1, resource],
  ["scopeMetrics", 2, scopeMetrics, "repeated"],
  ["schemaUrl", 3, "string"],
);

export const metricsRequest: Message = message("ExportMetricsServiceRequest", [
  "resourceMetrics",
  1,
  resourceMetrics,
  "repeated",
]);
