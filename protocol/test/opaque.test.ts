// Traces and metrics against protobuf-es: counted, split, merged, grouped, and through JSON, without a byte changed.

import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OpaqueBatch, type OpaqueSignal, opaqueFromJson } from "../src/otlp/index.ts";
import {
  type ExportMetricsServiceRequest,
  ExportMetricsServiceRequestSchema,
  type ExportTraceServiceRequest,
  ExportTraceServiceRequestSchema,
} from "./gen/otlp_pb.js";
import { anyMessage } from "./messages.ts";
import { metricsPayload, tracesPayload } from "./payloads.ts";
import { rawRecords } from "./raw.ts";
import { rewired } from "./rewire.ts";

const runs = { numRuns: 60, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true };
const dice = fc.infiniteStream(fc.nat({ max: 99 }));

const schemas: readonly [OpaqueSignal, DescMessage][] = [
  ["traces", ExportTraceServiceRequestSchema],
  ["metrics", ExportMetricsServiceRequestSchema],
];

function countOf(signal: OpaqueSignal, message: unknown): number {
  let count = 0;
  if (signal === "traces") {
    for (const { scopeSpans } of (message as ExportTraceServiceRequest).resourceSpans)
      for (const { spans } of scopeSpans) count += spans.length;
    return count;
  }
  for (const { scopeMetrics } of (message as ExportMetricsServiceRequest).resourceMetrics) {
    for (const { metrics } of scopeMetrics) for (const { data } of metrics) count += data.value?.dataPoints.length ?? 0;
  }
  return count;
}

describe.each(schemas)("%s", (signal, schema) => {
  const request = anyMessage(schema).map((init) => toBinary(schema, create(schema, init)));

  test("are counted as the oracle counts them, and leave as they came", () => {
    fc.assert(
      fc.property(request, dice, (bytes, dice) => {
        const other = rewired(schema, bytes, dice);
        const batch = OpaqueBatch.fromProtobuf(signal, other);
        expect(batch.itemCount).toBe(countOf(signal, fromBinary(schema, other)));
        expect(batch.encode()).toBe(other);
        expect(batch.byteLength).toBe(other.length);
      }),
      runs,
    );
  });

  test("split, merged and grouped lose nothing", () => {
    fc.assert(
      fc.property(request, dice, fc.integer({ min: 1, max: 1000 }), (bytes, dice, maxBytes) => {
        const batch = OpaqueBatch.fromProtobuf(signal, rewired(schema, bytes, dice));
        const all = rawRecords(batch.encode());
        const parts = batch.split({ maxBytes, maxRecords: 2 });
        for (const part of parts) {
          const { length } = rawRecords(part.encode());
          expect(length).toBeLessThanOrEqual(2);
          expect(length === 1 || part.byteLength <= maxBytes).toBe(true);
          expect(part.byteLength).toBe(part.encode().length);
        }
        expect(parts.flatMap((part) => rawRecords(part.encode()))).toEqual(all);
        if (parts.length > 0) expect(rawRecords(OpaqueBatch.merge(parts).encode())).toEqual(all);
        const groups = [...batch.groupByResource((resource) => resource.schemaUrl).values()];
        expect(groups.flatMap((group) => rawRecords(group.encode())).sort()).toEqual([...all].sort());
        expect(groups.reduce((sum, group) => sum + group.itemCount, 0)).toBe(batch.itemCount);
      }),
      runs,
    );
  });

  test("go through JSON and back", () => {
    fc.assert(
      fc.property(request, (bytes) => {
        const batch = OpaqueBatch.fromProtobuf(signal, bytes);
        const back = opaqueFromJson(signal, batch.toJson());
        expect([back.rejected, back.message]).toEqual([0, undefined]);
        expect(fromBinary(schema, back.batch.encode())).toEqual(fromBinary(schema, bytes));
      }),
      runs,
    );
  });
});

test("batches of two signals are not merged", () => {
  const traces = OpaqueBatch.fromProtobuf("traces", tracesPayload());
  const metrics = OpaqueBatch.fromProtobuf("metrics", metricsPayload());
  expect(() => OpaqueBatch.merge([traces, metrics])).toThrow("expected batches of one signal");
  expect(() => OpaqueBatch.merge([])).toThrow("expected at least one batch");
  expect(OpaqueBatch.merge([traces])).toBe(traces);
});
