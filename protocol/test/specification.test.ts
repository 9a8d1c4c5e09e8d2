// OTLP's rules for JSON (specification, "JSON Protobuf Encoding") and for its data model, one test for each statement.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  type AnyValue,
  type LogRecord,
  Logs,
  logsFromJson,
  OpaqueBatch,
  OtlpError,
  opaqueFromJson,
  type ReadResult,
} from "../src/otlp/index.ts";
import {
  ExportLogsServiceRequestSchema,
  ExportMetricsServiceRequestSchema,
  ExportTraceServiceRequestSchema,
} from "./gen/otlp_pb.js";
import { recordsOf } from "./plain.ts";
import { rawRecords } from "./raw.ts";

function requestOf(...logRecords: unknown[]): { resourceLogs: unknown[] } {
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

function read(...records: unknown[]): ReadResult {
  return logsFromJson(JSON.stringify(requestOf(...records)));
}

function readText(record: string): ReadResult {
  return logsFromJson(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`);
}

function only(result: ReadResult): LogRecord {
  expect([result.rejected, result.message]).toEqual([0, undefined]);
  const records = [...result.logs.records()];
  expect(records).toHaveLength(1);
  return records[0]!;
}

function bodyOf(body: unknown): AnyValue {
  return only(read({ body })).body;
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(OtlpError);
    return (error as OtlpError).code;
  }
  return undefined;
}

const at = "resourceLogs[0].scopeLogs[0].logRecords";

describe("B3. JSON encoding", () => {
  test("21. traceId, spanId, parentSpanId and link ids are hex, any case; not base64", () => {
    const upper = { traceId: "5B8EFFF798038103D269B633813FC60C", spanId: "EEE19B7EC3C1B174" };
    const record = only(read(upper));
    expect([record.traceId, record.spanId]).toEqual(["5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"]);
    expect(only(read({ traceId: record.traceId, spanId: record.spanId })).traceId).toBe(record.traceId);

    const base64 = read({ traceId: "W47/95gDgQPSabYzgT/GDA==" }, { body: { stringValue: "good" } });
    expect(base64.rejected).toBe(1);
    expect(base64.message).toBe(`${at}[0].traceId: expected hex digits, got "W47/95gDgQPSabYzgT/GDA=="`);
    expect(base64.logs.itemCount).toBe(1);

    const span = { ...upper, parentSpanId: "EEE19B7EC3C1B173", links: [upper] };
    const { batch, rejected } = opaqueFromJson("traces", { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    expect(rejected).toBe(0);
    const read1 = fromBinary(ExportTraceServiceRequestSchema, batch.encode()).resourceSpans[0]!.scopeSpans[0]!
      .spans[0]!;
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex").toUpperCase();
    expect([hex(read1.traceId), hex(read1.spanId), hex(read1.parentSpanId)]).toEqual([
      span.traceId,
      span.spanId,
      span.parentSpanId,
    ]);
    expect([hex(read1.links[0]!.traceId), hex(read1.links[0]!.spanId)]).toEqual([span.traceId, span.spanId]);
    expect(batch.toJson()).toContain('"parentSpanId":"eee19b7ec3c1b173"');
  });

  test("22. enums are integers; names are refused, and only their record", () => {
    expect(only(read({ severityNumber: 9 })).severityNumber).toBe(9);
    const named = read({ severityNumber: "SEVERITY_NUMBER_INFO" }, { severityNumber: 17 });
    expect([named.rejected, named.logs.itemCount]).toEqual([1, 1]);
    expect(named.message).toBe(
      `${at}[0].severityNumber: expected the number of an enum value, got "SEVERITY_NUMBER_INFO"`,
    );
    for (const span of [{ kind: "SPAN_KIND_SERVER" }, { status: { code: "STATUS_CODE_OK" } }]) {
      const spans = opaqueFromJson("traces", {
        resourceSpans: [{ scopeSpans: [{ spans: [span, { kind: 2, status: { code: 1 } }] }] }],
      });
      expect([spans.rejected, spans.batch.itemCount]).toEqual([1, 1]);
    }
    expect(Logs.fromProtobuf(named.logs.encode()).toJson()).toContain('"severityNumber":17');
  });

  test("23. unknown fields are ignored: top level, nested, of any JSON type", () => {
    for (const unknown of [1, "x", true, null, [1, { a: [] }], { deep: { er: 1 } }]) {
      const result = logsFromJson({
        unknown,
        resourceLogs: [
          {
            unknown,
            resource: { unknown, attributes: [{ key: "k", value: { stringValue: "v", unknown }, unknown }] },
            scopeLogs: [
              {
                unknown,
                scope: { name: "n", unknown },
                logRecords: [{ unknown, body: { unknown, arrayValue: { values: [], unknown } } }],
              },
            ],
          },
        ],
      });
      const record = only(result);
      expect([record.resource.attribute("k"), record.scope.name, record.body]).toEqual(["v", "n", []]);
    }
  });

  test("24. keys are lowerCamelCase only: trace_id is an unknown field", () => {
    const record = only(
      read({ trace_id: "5b8efff798038103d269b633813fc60c", time_unix_nano: "5", traceId: "", timeUnixNano: "7" }),
    );
    expect([record.traceId, record.timeUnixNano]).toEqual(["", 7n]);
    expect(logsFromJson({ resource_logs: [{ scope_logs: [{ log_records: [{}] }] }] }).logs.itemCount).toBe(0);
  });

  test("25. 64-bit integers come as string or number and leave as strings, exact past 2^53", () => {
    expect(only(readText('{"timeUnixNano":"1544712660300000001"}')).timeUnixNano).toBe(1544712660300000001n);
    expect(only(readText('{"timeUnixNano":1544712660300000001}')).timeUnixNano).toBe(1544712660300000001n);
    expect(only(readText('{"timeUnixNano":18446744073709551615}')).timeUnixNano).toBe(2n ** 64n - 1n);
    expect(only(readText('{"body":{"intValue":"-9223372036854775808"}}')).body).toBe(-(2n ** 63n));
    expect(only(readText('{"body":{"intValue":9223372036854775807}}')).body).toBe(2n ** 63n - 1n);
    expect(only(readText('{"body":{"intValue":9007199254740993}}')).body).toBe(9007199254740993n);
    expect(
      only(
        readText(
          '{"body":{"arrayValue":{"values":[{"stringValue":": 9007199254740993,"},{"intValue":9007199254740993}]}}}',
        ),
      ).body,
    ).toEqual([": 9007199254740993,", 9007199254740993n]);
    const json = readText('{"timeUnixNano":5,"body":{"intValue":7},"droppedAttributesCount":"3"}').logs.toJson();
    expect(JSON.parse(json).resourceLogs[0].scopeLogs[0].logRecords[0]).toEqual({
      timeUnixNano: "5",
      body: { intValue: "7" },
      droppedAttributesCount: 3,
    });
    for (const wrong of ['"1.5"', '"abc"', '""', '"18446744073709551616"', "-1", '"-1"', "true", "[]"]) {
      expect(readText(`{"timeUnixNano":${wrong}}`).message).toContain(
        "timeUnixNano: expected an unsigned 64-bit integer, got",
      );
    }
    for (const wrong of ["-1", "4294967296", "1.5", '"x"']) {
      expect(readText(`{"droppedAttributesCount":${wrong}}`).message).toContain("expected an unsigned 32-bit integer");
    }
    // Official writers send a large double as an intValue: it stays the number that it is.
    expect(only(readText('{"body":{"intValue":1e21}}')).body).toBe(1e21);
  });

  test("26. bytes are base64, standard and URL-safe; doubles take NaN and the infinities; null is the default", () => {
    expect(bodyOf({ bytesValue: "+/8A" })).toEqual(Uint8Array.of(0xfb, 0xff, 0));
    expect(bodyOf({ bytesValue: "-_8A" })).toEqual(Uint8Array.of(0xfb, 0xff, 0));
    expect(bodyOf({ bytesValue: "/w==" })).toEqual(Uint8Array.of(255));
    expect(bodyOf({ bytesValue: "_w" })).toEqual(Uint8Array.of(255));
    expect(bodyOf({ bytesValue: "" })).toEqual(new Uint8Array(0));
    for (const wrong of ["/", "a b=", "=", "/w=", "é"])
      expect(read({ body: { bytesValue: wrong } }).message).toContain("expected base64");
    expect(bodyOf({ doubleValue: "NaN" })).toBe(Number.NaN);
    expect(bodyOf({ doubleValue: "Infinity" })).toBe(Number.POSITIVE_INFINITY);
    expect(bodyOf({ doubleValue: "-Infinity" })).toBe(Number.NEGATIVE_INFINITY);
    expect(bodyOf({ doubleValue: "1.5e3" })).toBe(1500);
    for (const wrong of ["nan", "", " 1", "0x10", "inf"])
      expect(read({ body: { doubleValue: wrong } }).message).toContain("expected a number");
    const infinite = read({
      body: { arrayValue: { values: [{ doubleValue: "NaN" }, { doubleValue: "-Infinity" }] } },
    }).logs;
    expect(infinite.toJson()).toContain('[{"doubleValue":"NaN"},{"doubleValue":"-Infinity"}]');

    const nulls = Object.fromEntries(
      [
        "timeUnixNano",
        "observedTimeUnixNano",
        "severityNumber",
        "severityText",
        "body",
        "attributes",
        "flags",
        "traceId",
        "spanId",
        "eventName",
      ].map((name) => [name, null]),
    );
    const record = only(read(nulls));
    expect([record.timeUnixNano, record.severityNumber, record.body, record.eventName]).toEqual([0n, 0, null, ""]);
    expect(bodyOf({ stringValue: null, intValue: "3" })).toBe(3);
    expect(logsFromJson({ resourceLogs: null }).logs.itemCount).toBe(0);
  });

  test("27. requests of all signals parse, and survive JSON, batch, protobuf, batch", () => {
    const value = { stringValue: "some value" };
    const attributes = [{ key: "a", value }];
    const resource = { attributes };
    const scope = { name: "library", version: "1.0.0", attributes };
    const time = 1544712660300000000;
    const ids = { traceId: "5B8EFFF798038103D269B633813FC60C", spanId: "EEE19B7EC3C1B174" };
    const logs = logsFromJson(
      JSON.stringify({
        resourceLogs: [
          {
            resource,
            scopeLogs: [
              {
                scope,
                logRecords: [
                  {
                    timeUnixNano: time,
                    observedTimeUnixNano: String(time),
                    severityNumber: 10,
                    body: value,
                    attributes,
                    ...ids,
                  },
                  { eventName: "page.view", body: { kvlistValue: { values: attributes } } },
                ],
              },
            ],
          },
        ],
      }),
    );
    expect(logs.rejected).toBe(0);
    expect(recordsOf(Logs.fromProtobuf(logs.logs.encode()))).toEqual(recordsOf(logs.logs));
    expect(logsFromJson(logs.logs.toJson()).logs.encode()).toEqual(logs.logs.encode());

    const spans = [
      { ...ids, name: "span", kind: 2, startTimeUnixNano: time, endTimeUnixNano: String(time), attributes },
    ];
    const traces = opaqueFromJson(
      "traces",
      JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }),
    );
    const point = { startTimeUnixNano: time, timeUnixNano: time, attributes };
    const metrics = opaqueFromJson(
      "metrics",
      JSON.stringify({
        resourceMetrics: [
          {
            resource,
            scopeMetrics: [
              {
                scope,
                metrics: [
                  {
                    name: "counter",
                    unit: "1",
                    sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [{ ...point, asDouble: 5 }] },
                  },
                  { name: "gauge", gauge: { dataPoints: [{ ...point, asDouble: 10 }] } },
                  {
                    name: "histogram",
                    histogram: {
                      aggregationTemporality: 1,
                      dataPoints: [
                        { ...point, count: 3, sum: 3, bucketCounts: [1, 1, 1], explicitBounds: [1], min: 1 },
                      ],
                    },
                  },
                ],
              },
            ],
          },
        ],
      }),
    );
    for (const { batch, rejected } of [traces, metrics]) {
      expect(rejected).toBe(0);
      const again = OpaqueBatch.fromProtobuf(batch.signal, batch.encode());
      expect(again.itemCount).toBe(batch.itemCount);
      expect(opaqueFromJson(batch.signal, again.toJson()).batch.encode()).toEqual(batch.encode());
    }
    expect([traces.batch.itemCount, metrics.batch.itemCount]).toEqual([1, 3]);
    const [first] = fromBinary(ExportMetricsServiceRequestSchema, metrics.batch.encode()).resourceMetrics[0]!
      .scopeMetrics[0]!.metrics;
    expect(first!.data).toMatchObject({
      case: "sum",
      value: { isMonotonic: true, dataPoints: [{ startTimeUnixNano: BigInt(time) }] },
    });
  });

  test("28. invalid UTF-8, lone surrogates and depth bombs are refused, not a crash", () => {
    expect(codeOf(() => logsFromJson(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)))).toBe(
      "DEVMUX_OTLP_JSON_SYNTAX",
    );
    const surrogate = readText('{"body":{"stringValue":"a\\ud83d"}},{"body":{"stringValue":"\\ud83d\\ude00"}}');
    expect(surrogate.rejected).toBe(1);
    expect(surrogate.message).toContain(`${at}[0].body.stringValue: expected text without lone surrogates`);
    expect(Array.from(surrogate.logs.records(), (record) => record.body)).toEqual(["\u{1f600}"]);

    const depth = 10_000;
    const bomb = `${`{"kvlistValue":{"values":[{"key":"k","value":`.repeat(depth)}{}${"}]}}".repeat(depth)}`;
    const bombed = readText(`{"body":${bomb}},{"body":{"stringValue":"good"}}`);
    expect([bombed.rejected, bombed.logs.itemCount]).toEqual([1, 1]);
    expect(bombed.message).toContain("expected at most 30 arrays and maps inside each other");
    expect(codeOf(() => logsFromJson("[".repeat(10_000)))).toBe("DEVMUX_OTLP_JSON_SYNTAX");
    expect(codeOf(() => logsFromJson("[".repeat(1_000_000)))).toBe("DEVMUX_OTLP_TOO_DEEP");
    expect(codeOf(() => logsFromJson(`{"unknown":${"[".repeat(1_000_000)}`))).toBe("DEVMUX_OTLP_TOO_DEEP");
    expect(codeOf(() => logsFromJson("[".repeat(100_000) + "]".repeat(100_000)))).toBe("DEVMUX_OTLP_JSON_SHAPE");
    expect(codeOf(() => logsFromJson('"text"'))).toBe("DEVMUX_OTLP_JSON_SHAPE");
    expect(codeOf(() => logsFromJson('{"resourceLogs":5}'))).toBe("DEVMUX_OTLP_JSON_SHAPE");
    expect(codeOf(() => logsFromJson(""))).toBe("DEVMUX_OTLP_JSON_SYNTAX");
  });

  test("one bad record, scope or resource does not fail the rest", () => {
    const good = { body: { stringValue: "good" } };
    const result = logsFromJson({
      resourceLogs: [
        5,
        { resource: { attributes: 5 }, scopeLogs: [{ logRecords: [good, good] }] },
        {
          scopeLogs: [
            { scope: [], logRecords: [good] },
            { logRecords: "none" },
            { logRecords: [good, null, { attributes: [{ key: 1 }] }, good] },
          ],
        },
      ],
    });
    expect(result.logs.itemCount).toBe(2);
    expect(result.rejected).toBe(1 + 2 + 1 + 1 + 2);
    expect(result.message).toBe("resourceLogs[0]: expected an object, got 5");
    const late = logsFromJson({
      resourceLogs: [
        { scopeLogs: [{ logRecords: [5, good, {}] }], schemaUrl: 5 },
        { scopeLogs: [{ logRecords: [good] }] },
      ],
    });
    expect([late.rejected, late.logs.itemCount]).toEqual([3, 1]);
    const nested = read({ attributes: [{ key: "k", value: { arrayValue: { values: [{}, { stringValue: 5 }] } } }] });
    expect(nested.message).toBe(
      `${at}[0].attributes[0].value.arrayValue.values[1].stringValue: expected a string, got 5`,
    );
  });
});

/** A LogRecord in the wire format by hand, for what no writer would write. */
function wire(...record: number[]): Uint8Array {
  const scope = [0x12, record.length, ...record];
  const resource = [0x12, scope.length, ...scope];
  return Uint8Array.of(0x0a, resource.length, ...resource);
}

function wireRecord(...record: number[]): LogRecord {
  return [...Logs.fromProtobuf(wire(...record)).records()][0]!;
}

describe("B4. Data model", () => {
  test("29. a trace_id that is not 16 bytes, a span_id that is not 8, or all zero is absent; the record is kept", () => {
    for (const length of [0, 1, 8, 15, 17])
      expect(wireRecord(0x4a, length, ...Array<number>(length).fill(7)).traceId).toBe("");
    for (const length of [0, 1, 7, 9, 16])
      expect(wireRecord(0x52, length, ...Array<number>(length).fill(7)).spanId).toBe("");
    expect(wireRecord(0x4a, 16, ...Array<number>(16).fill(0)).traceId).toBe("");
    expect(wireRecord(0x52, 8, ...Array<number>(8).fill(0)).spanId).toBe("");
    expect(wireRecord(0x4a, 16, ...Array<number>(16).fill(0xa1)).traceId).toBe("a1".repeat(16));
    const record = only(read({ traceId: "abcd", spanId: "0000000000000000", body: { stringValue: "kept" } }));
    expect([record.traceId, record.spanId, record.body]).toEqual(["", "", "kept"]);
  });

  test("30. observed_time_unix_nano 0 is for the receiver to set; the time shown is time_unix_nano, else the observed one", () => {
    const { logs } = read({ timeUnixNano: "5000000" }, { observedTimeUnixNano: "7000000" }, {});
    expect(Array.from(logs.records(), (record) => record.timeMs)).toEqual([5, 7, 0]);
    const observed = logs.withObservedTime(9);
    expect(Array.from(observed.records(), (record) => [record.observedTimeUnixNano, record.timeMs])).toEqual([
      [9_000_000n, 5],
      [7_000_000n, 7],
      [9_000_000n, 9],
    ]);
  });

  test("31. severity_number is 0 to 24; of flags the low 8 bits are trace flags and the rest is kept", () => {
    for (let severity = 0; severity <= 24; severity++) expect(wireRecord(0x10, severity).severityNumber).toBe(severity);
    for (const none of [[25], [127], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]]) {
      const logs = Logs.fromProtobuf(wire(0x10, ...none));
      expect([...logs.records()][0]!.severityNumber).toBe(0);
      expect(logs.maxSeverity).toBe(0);
    }
    expect(only(read({ flags: 0x8000_0101 })).flags).toBe(0x8000_0101);
    const forwarded = read({ flags: 0x8000_0101 }, {}).logs.select((record) => record.flags !== 0);
    expect(forwarded.toJson()).toContain(`"flags":${0x8000_0101}`);
  });

  test("32. event_name, dropped_attributes_count, schema_url and scope attributes survive forwarding", () => {
    const request = create(ExportLogsServiceRequestSchema, {
      resourceLogs: [
        {
          resource: { droppedAttributesCount: 4, entityRefs: [{ type: "service", idKeys: ["service.name"] }] },
          schemaUrl: "resource-schema",
          scopeLogs: [
            {
              scope: {
                name: "n",
                attributes: [{ key: "a", value: { value: { case: "boolValue", value: true } } }],
                droppedAttributesCount: 5,
              },
              schemaUrl: "scope-schema",
              logRecords: [{ eventName: "session.start", droppedAttributesCount: 6 }, {}],
            },
          ],
        },
      ],
    });
    const forwarded = Logs.fromProtobuf(toBinary(ExportLogsServiceRequestSchema, request)).select(
      (record) => record.eventName !== "",
    );
    request.resourceLogs[0]!.scopeLogs[0]!.logRecords.pop();
    expect(fromBinary(ExportLogsServiceRequestSchema, forwarded.encode())).toEqual(request);
  });

  test("33. attribute values and the body are any value: bytes, maps, mixed arrays, empty", () => {
    const values = [
      {},
      { stringValue: "" },
      { boolValue: false },
      { intValue: 0 },
      { doubleValue: 0 },
      { bytesValue: "AA==" },
      { arrayValue: {} },
      { kvlistValue: {} },
    ];
    const expected = [null, "", false, 0, 0, Uint8Array.of(0), [], {}];
    const body = { kvlistValue: { values: [{ key: "list", value: { arrayValue: { values } } }] } };
    const record = only(read({ body, attributes: values.map((value, i) => ({ key: String(i), value })) }));
    expect(record.body).toEqual({ list: expected });
    expect(values.map((_, i) => record.attribute(String(i)))).toEqual(expected);
  });

  test("34. string_value_strindex and key_strindex read as empty, and go on", () => {
    const bytes = wire(0x2a, 2, 0x40, 5, 0x32, 8, 0x0a, 1, 0x6b, 0x18, 7, 0x12, 1, 0x0a);
    expect(codeOf(() => Logs.fromProtobuf(bytes))).toBe("DEVMUX_OTLP_TRUNCATED");
    const good = wire(0x2a, 2, 0x40, 5, 0x32, 9, 0x0a, 1, 0x6b, 0x18, 7, 0x12, 2, 0x40, 3);
    const logs = Logs.fromProtobuf(good);
    const [record] = [...logs.records()];
    expect([record!.body, { ...record!.attributes() }]).toEqual([null, { k: null }]);
    expect(logs.encode()).toEqual(good);
  });

  test("35. unknown protobuf fields are skipped and passed on; an unknown kind of value is empty", () => {
    const unknown = [0xa2, 0x06, 3, 1, 2, 3];
    const bytes = wire(0x10, 9, ...unknown, 0x2a, 6, ...unknown);
    const logs = Logs.fromProtobuf(bytes);
    const [record] = [...logs.records()];
    expect([record!.severityNumber, record!.body]).toEqual([9, null]);
    const edited = logs.map(() => ({ severityNumber: 10 }));
    expect(rawRecords(edited.encode())).toEqual([
      Buffer.from([0x10, 10, ...unknown, 0x2a, 6, ...unknown]).toString("hex"),
    ]);
  });

  test("bytes in a string that are no UTF-8 read as U+FFFD, and go on as they are", () => {
    // A body of "a", a byte that begins no character, "b", and a key that ends in the middle of one.
    const bytes = wire(0x2a, 5, 0x0a, 3, 0x61, 0xff, 0x62, 0x32, 6, 0x0a, 2, 0x6b, 0xc3, 0x12, 0);
    const logs = Logs.fromProtobuf(bytes);
    const [record] = [...logs.records()];
    expect([record!.body, { ...record!.attributes() }]).toEqual(["a\ufffdb", { "k\ufffd": null }]);
    expect(logs.encode()).toEqual(bytes);
    expect(rawRecords(logs.map(() => ({ severityNumber: 9 })).encode())[0]).toContain("0a0361ff62");
    expect(logsFromJson(logs.toJson()).rejected).toBe(0);
  });

  test("of fields that are there twice, and of attributes with the same key, the last one counts", () => {
    const pair = (value: number): number[] => [0x32, 7, 0x0a, 1, 0x6b, 0x12, 2, 0x18, value];
    const record = wireRecord(...pair(1), ...pair(2), 0x10, 9, 0x10, 17, 0x2a, 4, 0x0a, 0, 0x18, 5);
    expect([record.attribute("k"), record.attributes().k, record.severityNumber, record.body]).toEqual([2, 2, 17, 5]);
    expect(
      JSON.parse(Logs.fromProtobuf(wire(0x2a, 4, 0x0a, 0, 0x18, 5)).toJson()).resourceLogs[0].scopeLogs[0].logRecords,
    ).toEqual([{ body: { intValue: "5" } }]);
  });
});
