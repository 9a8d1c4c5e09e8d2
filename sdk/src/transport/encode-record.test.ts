import { JsonLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyValue } from "./any-value.ts";
import * as encoding from "./encode-record.ts";
import { encodeWithin } from "./shorten.ts";

const encodeRecord = (record: encoding.EncodableRecord, uid: string): string =>
  encoding.encodeRecord(record, uid, anyValue);

type Emitted = Parameters<ReturnType<LoggerProvider["getLogger"]>["emit"]>[0];

function recordOf(emitted: Emitted): ReadableLogRecord {
  const exporter = new InMemoryLogRecordExporter();
  const resource = resourceFromAttributes({});
  new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] })
    .getLogger("t")
    .emit(emitted);
  return exporter.getFinishedLogRecords()[0] as ReadableLogRecord;
}

/** What the official serializer writes of it. */
function officialOf(record: ReadableLogRecord): unknown {
  const bytes = JsonLogsSerializer.serializeRequest([record]);
  return JSON.parse(new TextDecoder().decode(bytes)).resourceLogs[0].scopeLogs[0].logRecords[0];
}

/** The differences that are allowed: 64-bit integers as texts, zero counts left out, our own identity. */
function comparable(record: unknown): unknown {
  return JSON.parse(JSON.stringify(record), (key, value) => {
    if (key === "intValue") return String(value);
    if (key === "droppedAttributesCount" && value === 0) return undefined;
    if (key === "attributes")
      return (value as { key: string }[]).filter((attribute) => attribute.key !== "log.record.uid");
    return value;
  });
}

test("it writes what the official serializer writes", () => {
  // Numbers that both write alike: the official one has no form for NaN, and none for integers past 2^53.
  const leaf = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.constantFrom(1.5, -2.25e-30),
    fc.constant(null),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("any")),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
        tie("any"),
      ),
    ),
  })).any;
  fc.assert(
    fc.property(
      value,
      fc.dictionary(fc.stringMatching(/^[a-z.]{1,9}$/), leaf),
      fc.nat(24),
      (body, attributes, severityNumber) => {
        const traceId = "0af7651916cd43dd8448eb211c80319c";
        const spanContext = { traceId, spanId: "b7ad6b7169203331", traceFlags: 1 };
        const emitted = {
          body,
          attributes,
          severityNumber,
          severityText: "x",
          eventName: "e",
          timestamp: 1_767_225_600_123,
        } as Emitted;
        const record: ReadableLogRecord = Object.create(recordOf(emitted), { spanContext: { value: spanContext } });
        expect(comparable(JSON.parse(encodeRecord(record, "u")))).toEqual(comparable(officialOf(record)));
      },
    ),
  );
});

test("half a surrogate pair is U+FFFD, and nothing that looks like one is touched", () => {
  const body = { "k\udc00": "a\ud800b", pair: "😀", looks: "\\ud800 \\\\ud800 \\", end: "\ud83d" };
  const written = JSON.parse(encodeRecord(recordOf({ body }), "u")).body.kvlistValue.values;
  expect(written).toEqual([
    { key: "k\ufffd", value: { stringValue: "a\ufffdb" } },
    { key: "pair", value: { stringValue: "😀" } },
    { key: "looks", value: { stringValue: "\\ud800 \\\\ud800 \\" } },
    { key: "end", value: { stringValue: "\ufffd" } },
  ]);
});

test.each<[string, Emitted]>([
  ["a long body", { body: "x".repeat(1_000_000) }],
  ["a body of escapes", { body: "\0".repeat(60_000) }],
  ["a large body", { body: Array.from({ length: 10_000 }, (_, index) => ({ index })) }],
  ["long attributes", { attributes: { a: "x".repeat(1_000_000), b: 1 } }],
  [
    "many attributes",
    {
      attributes: Object.fromEntries(
        Array.from({ length: 128 }, (_, i) => ["k".repeat(5_000) + i, "\u0001".repeat(5_000)]),
      ),
    },
  ],
  [
    "a large attribute",
    { attributes: { "devmux.console.arguments": Array.from({ length: 10_000 }, () => "x".repeat(10)) } },
  ],
])("%s: the record keeps its bound and its identity", (_, emitted) => {
  expect(encodeRecord(recordOf(emitted), "uid").length).toBeGreaterThan(65_536);
  const text = encodeWithin(recordOf({ severityNumber: 17, ...emitted }), "uid", 65_536);
  expect(text.length).toBeLessThanOrEqual(65_536);
  const record = JSON.parse(text);
  expect(record).toMatchObject({ severityNumber: 17 });
  expect(record.attributes).toContainEqual({ key: "log.record.uid", value: { stringValue: "uid" } });
});

test("a cycle in somebody's body ends", () => {
  const body: { self?: unknown } = {};
  body.self = body;
  expect(encodeRecord(recordOf({ body: body as never }), "u").length).toBeLessThanOrEqual(65_536);
});
