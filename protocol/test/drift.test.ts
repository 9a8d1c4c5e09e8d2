// Walks the schema: every field of every message has a row in the tables, and every field of what the batch understands has
// a home in its API, which is shown by reading it back, or is passed on untouched, which is shown by its bytes.

import {
  create,
  type DescField,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { type LogRecord, Logs } from "../src/otlp/index.ts";
import type { Field, Message } from "../src/otlp/schema/message.ts";
import { levelsOf } from "../src/otlp/schema/signals.ts";
import {
  ExportLogsServiceRequestSchema,
  ExportMetricsServiceRequestSchema,
  ExportTraceServiceRequestSchema,
  type LogRecordSchema,
} from "./gen/otlp_pb.js";
import { rawRecords } from "./raw.ts";

const requests: readonly [DescMessage, Message][] = [
  [ExportLogsServiceRequestSchema, levelsOf.logs.request],
  [ExportTraceServiceRequestSchema, levelsOf.traces.request],
  [ExportMetricsServiceRequestSchema, levelsOf.metrics.request],
];

/** Every message that a request can hold, with the table for it. */
function pairs(): Map<DescMessage, Message> {
  const found = new Map<DescMessage, Message>();
  const walk = (desc: DescMessage, table: Message): void => {
    if (found.has(desc)) return;
    found.set(desc, table);
    for (const field of desc.fields) {
      const row = table.byNumber[field.number];
      if (field.message !== undefined && row?.message !== undefined) walk(field.message, row.message);
    }
  };
  for (const [desc, table] of requests) walk(desc, table);
  return found;
}

function kindOf(field: DescField): string {
  if (field.message !== undefined) return "message";
  if (field.enum !== undefined) return "enum";
  if (field.name === "trace_id") return "traceId";
  if (field.name === "span_id" || field.name === "parent_span_id") return "spanId";
  return ScalarType[field.scalar!].toLowerCase();
}

function rowOf(field: DescField): Partial<Field> {
  return {
    number: field.number,
    name: field.jsonName,
    kind: kindOf(field) as Field["kind"],
    repeated: field.fieldKind === "list",
    oneof: field.oneof !== undefined,
    explicit: field.oneof !== undefined || (field.proto.proto3Optional ?? false),
  };
}

describe("the schema's tables", () => {
  const found = [...pairs()];

  test("cover all messages of the schema", () => {
    const names = found.map(([desc]) => desc.name);
    const all: string[] = [];
    const collect = (desc: DescMessage): void => {
      all.push(desc.name);
      desc.nestedMessages.forEach(collect);
    };
    ExportLogsServiceRequestSchema.file.messages.forEach(collect);
    expect(names.toSorted()).toEqual(all.toSorted());
  });

  test.each(found.map(([desc, table]) => [desc.name, desc, table] as const))(
    "%s has a row for each field, and no other",
    (name, desc, table) => {
      expect(table.name).toBe(name);
      const rows = table.fields.map(({ number, name, kind, repeated, oneof, explicit }) => ({
        number,
        name,
        kind,
        repeated,
        oneof,
        explicit,
      }));
      const byNumber = (a: { number?: number }, b: { number?: number }): number => a.number! - b.number!;
      expect(rows.toSorted(byNumber)).toEqual(desc.fields.map(rowOf).toSorted(byNumber));
    },
  );
});

const pair = [{ key: "k", value: { value: { case: "stringValue", value: "v" } } }] as const;
const refs = [{ schemaUrl: "u", type: "t", idKeys: ["i"], descriptionKeys: ["d"] }];

type RequestInit = MessageInitShape<typeof ExportLogsServiceRequestSchema>;
type RecordInit = MessageInitShape<typeof LogRecordSchema>;

/** For each message, a value of each field, and how the API reads it. "untouched": it has no reader, its bytes go on. */
interface Home {
  readonly init: unknown;
  readonly read: "untouched" | ((record: LogRecord) => unknown);
  readonly expected?: unknown;
}

const homes: Readonly<Record<string, Readonly<Record<string, Home>>>> = {
  ResourceLogs: {
    resource: {
      init: { droppedAttributesCount: 7 },
      read: (record) => record.resource.droppedAttributesCount,
      expected: 7,
    },
    scope_logs: {
      init: [{ logRecords: [{}], schemaUrl: "s" }],
      read: (record) => record.scope.schemaUrl,
      expected: "s",
    },
    schema_url: { init: "u", read: (record) => record.resource.schemaUrl, expected: "u" },
  },
  Resource: {
    attributes: { init: pair, read: (record) => record.resource.attribute("k"), expected: "v" },
    dropped_attributes_count: { init: 2, read: (record) => record.resource.droppedAttributesCount, expected: 2 },
    entity_refs: { init: refs, read: (record) => record.resource.entityRefs, expected: refs },
  },
  ScopeLogs: {
    scope: { init: { name: "n" }, read: (record) => record.scope.name, expected: "n" },
    log_records: { init: [{ eventName: "e" }], read: (record) => record.eventName, expected: "e" },
    schema_url: { init: "u", read: (record) => record.scope.schemaUrl, expected: "u" },
  },
  InstrumentationScope: {
    name: { init: "n", read: (record) => record.scope.name, expected: "n" },
    version: { init: "1", read: (record) => record.scope.version, expected: "1" },
    attributes: { init: pair, read: (record) => record.scope.attribute("k"), expected: "v" },
    dropped_attributes_count: { init: 2, read: (record) => record.scope.droppedAttributesCount, expected: 2 },
  },
  LogRecord: {
    time_unix_nano: {
      init: 5_000_000n,
      read: (record) => [record.timeUnixNano, record.timeMs],
      expected: [5_000_000n, 5],
    },
    observed_time_unix_nano: {
      init: 5_000_000n,
      read: (record) => [record.observedTimeUnixNano, record.timeMs],
      expected: [5_000_000n, 5],
    },
    severity_number: { init: 9, read: (record) => record.severityNumber, expected: 9 },
    severity_text: { init: "INFO", read: (record) => record.severityText, expected: "INFO" },
    body: { init: { value: { case: "stringValue", value: "b" } }, read: (record) => record.body, expected: "b" },
    attributes: { init: pair, read: (record) => ({ ...record.attributes() }), expected: { k: "v" } },
    dropped_attributes_count: { init: 2, read: (record) => record.droppedAttributesCount, expected: 2 },
    flags: { init: 0x301, read: (record) => record.flags, expected: 0x301 },
    trace_id: { init: new Uint8Array(16).fill(0xab), read: (record) => record.traceId, expected: "ab".repeat(16) },
    span_id: { init: new Uint8Array(8).fill(0xcd), read: (record) => record.spanId, expected: "cd".repeat(8) },
    event_name: { init: "exception", read: (record) => record.eventName, expected: "exception" },
  },
  KeyValue: {
    key: { init: "k", read: (record) => Object.keys(record.attributes()), expected: ["k"] },
    value: {
      init: { value: { case: "boolValue", value: true } },
      read: (record) => record.attribute(""),
      expected: true,
    },
    key_strindex: { init: 3, read: "untouched" },
  },
  AnyValue: {
    string_value: { init: "s", read: (record) => record.body, expected: "s" },
    bool_value: { init: true, read: (record) => record.body, expected: true },
    int_value: { init: 2n ** 62n, read: (record) => record.body, expected: 2n ** 62n },
    double_value: { init: 0.5, read: (record) => record.body, expected: 0.5 },
    array_value: { init: { values: [{}] }, read: (record) => record.body, expected: [null] },
    kvlist_value: { init: { values: pair }, read: (record) => ({ ...(record.body as object) }), expected: { k: "v" } },
    bytes_value: { init: Uint8Array.of(1), read: (record) => record.body, expected: Uint8Array.of(1) },
    string_value_strindex: { init: 3, read: "untouched" },
  },
};

function requestWith(message: string, field: DescField, init: unknown): RequestInit {
  const set =
    field.oneof === undefined
      ? { [field.localName]: init }
      : { [field.oneof.localName]: { case: field.localName, value: init } };
  const record: RecordInit = {};
  if (message === "LogRecord") Object.assign(record, set);
  if (message === "KeyValue") Object.assign(record, { attributes: [set] });
  if (message === "AnyValue") Object.assign(record, { body: set });
  const scope = {
    logRecords: [record],
    ...(message === "InstrumentationScope" && { scope: set }),
    ...(message === "ScopeLogs" && set),
  };
  const resource = {
    scopeLogs: [scope],
    ...(message === "Resource" && { resource: set }),
    ...(message === "ResourceLogs" && set),
  };
  return { resourceLogs: [resource] } as RequestInit;
}

describe("what the batch understands", () => {
  for (const [desc] of pairs()) {
    const home = homes[desc.name];
    if (home === undefined) continue;
    test.each(desc.fields.map((field) => [field.name, field] as const))(`${desc.name}.%s has a home`, (name, field) => {
      const { init, read, expected } = home[name]!;
      const bytes = toBinary(
        ExportLogsServiceRequestSchema,
        create(ExportLogsServiceRequestSchema, requestWith(desc.name, field, init)),
      );
      const logs = Logs.fromProtobuf(bytes);
      const records = [...logs.records()];
      expect(records).toHaveLength(1);
      if (read !== "untouched") expect(read(records[0]!)).toEqual(expected);
      const forwarded = logs
        .map(() => ({ attributes: { added: 1 } }))
        .map(() => ({ attributes: { added: undefined } }));
      expect(rawRecords(forwarded.encode())).toEqual(rawRecords(bytes));
      expect(fromBinary(ExportLogsServiceRequestSchema, forwarded.encode())).toEqual(
        fromBinary(ExportLogsServiceRequestSchema, bytes),
      );
    });
  }
});
