// Payloads of the official JavaScript serializers: what they wrote is read to the last value, in both encodings.

import { readdirSync, readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { Logs, logsFromJson, OpaqueBatch, opaqueFromJson } from "../src/otlp/index.ts";
import { ExportMetricsServiceRequestSchema, ExportTraceServiceRequestSchema } from "./gen/otlp_pb.js";
import { officialPayloads } from "./official.ts";
import { recordsOf } from "./plain.ts";

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
}

const opaque = { traces: ExportTraceServiceRequestSchema, metrics: ExportMetricsServiceRequestSchema } as const;

describe("payloads of the official serializers", () => {
  test("are what the installed packages write", () => {
    const payloads = officialPayloads();
    expect(readdirSync(new URL("../fixtures/", import.meta.url)).filter((name) => name.startsWith("otel-js-"))).toEqual(
      Object.keys(payloads).sort(),
    );
    for (const [name, bytes] of Object.entries(payloads)) expect(Buffer.from(bytes).equals(fixture(name))).toBe(true);
  });

  test("logs in protobuf read as what was logged", () => {
    const [first, second, third] = [...Logs.fromProtobuf(fixture("otel-js-logs.bin")).records()];
    expect(first!.timeUnixNano).toBe(1_700_000_000_123_456_789n);
    expect(first!.observedTimeUnixNano).toBe(1_700_000_000_124_000_000n);
    expect([first!.severityNumber, first!.severityText, first!.eventName]).toEqual([17, "ERROR", "exception"]);
    expect(first!.body).toBe("Cannot read properties of undefined (reading 'total')");
    expect([first!.traceId, first!.spanId, first!.flags]).toEqual([
      "5b8efff798038103d269b633813fc60c",
      "eee19b7ec3c1b174",
      1,
    ]);
    expect(first!.droppedAttributesCount).toBe(2);
    expect(first!.attributes()).toEqual({
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
    });
    expect(first!.resource.attributes()).toEqual({
      "service.name": "shop",
      "process.pid": 4711,
      "host.ip": ["10.0.0.1", "::1"],
    });
    expect(first!.resource.schemaUrl).toBe("https://opentelemetry.io/schemas/1.45.0");
    expect([first!.scope.name, first!.scope.version, first!.scope.schemaUrl]).toEqual([
      "console",
      "1.2.3",
      "https://example.org/scope",
    ]);
    expect(first!.scope.attributes()).toEqual({ "scope.attribute": true });
    expect(second!.body).toEqual({ status: "ok", items: [1, 2] });
    expect([second!.traceId, second!.eventName, second!.scope.name]).toEqual(["", "", "plain"]);
    expect(third!.timeUnixNano).toBe(0n);
    expect(third!.timeMs).toBe(1_700_000_000_123);
    expect(third!.resource.attribute("service.name")).toBe("cart");
    expect(third!.attributes()).toEqual({ tooLarge: 1e21, notANumber: Number.NaN, nothing: null, empty: "", zero: 0 });
  });

  test("logs in JSON are the same, but for what JSON cannot say", () => {
    const { logs, rejected } = logsFromJson(fixture("otel-js-logs.json"));
    expect(rejected).toBe(0);
    const fromProtobuf = Logs.fromProtobuf(fixture("otel-js-logs.bin"));
    // The serializer writes NaN as null.
    expect(recordsOf(logs)).toEqual(
      recordsOf(fromProtobuf).map((record) => record.replace('"notANumber":NaN', '"notANumber":null')),
    );
  });

  test.each(["traces", "metrics"] as const)("%s in JSON are the same as in protobuf", (signal) => {
    const bytes = fixture(`otel-js-${signal}.bin`);
    const { batch, rejected, message } = opaqueFromJson(signal, fixture(`otel-js-${signal}.json`));
    expect([rejected, message]).toEqual([0, undefined]);
    expect(fromBinary(opaque[signal], batch.encode())).toEqual(fromBinary(opaque[signal], bytes));
    const direct = OpaqueBatch.fromProtobuf(signal, bytes);
    expect(direct.itemCount).toBe(signal === "traces" ? 2 : 5);
    expect(batch.itemCount).toBe(direct.itemCount);
    expect(fromBinary(opaque[signal], opaqueFromJson(signal, direct.toJson()).batch.encode())).toEqual(
      fromBinary(opaque[signal], bytes),
    );
  });
});
