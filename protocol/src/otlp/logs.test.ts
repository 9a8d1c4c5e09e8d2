import { describe, expect, test } from "vitest";
import { type AnyMap, type LogRecord, Logs, LogsBuilder, logsFromJson } from "./index.ts";

const resource = { "service.name": "shop", "process.pid": 12 };
const scope = { name: "console", version: "1.2" };

function batchOf(...records: Parameters<LogsBuilder["add"]>[0][]): Logs {
  const builder = new LogsBuilder(resource, scope);
  for (const record of records) builder.add(record);
  return builder.build();
}

const first = {
  timeMs: 1_700_000_000_123,
  severityNumber: 9,
  severityText: "INFO",
  body: "one",
  attributes: { n: 1, s: "x" },
};
const second = { timeMs: 1_700_000_000_124, severityNumber: 17, severityText: "ERROR", body: { deep: [1, null, "é"] } };

function bodies(logs: Logs): unknown[] {
  return Array.from(logs.records(), (record) => record.body);
}

function only(logs: Logs): LogRecord {
  const records = [...logs.records()];
  expect(records).toHaveLength(1);
  return records[0]!;
}

describe("LogsBuilder", () => {
  test("gives the batch that its own bytes index to", () => {
    const built = batchOf(first, second, {
      body: "x".repeat(500),
      eventName: "exception",
      flags: 1,
      traceId: `${"0".repeat(31)}1`,
    });
    const read = Logs.fromProtobuf(built.encode());
    expect(read.toJson()).toEqual(built.toJson());
    expect(
      Array.from(read.records(), (r) => [r.timeMs, r.severityNumber, r.body, r.eventName, r.traceId, r.flags]),
    ).toEqual(
      Array.from(built.records(), (r) => [r.timeMs, r.severityNumber, r.body, r.eventName, r.traceId, r.flags]),
    );
    expect(built.byteLength).toBe(built.encode().length);
  });

  test("says its size before it builds, and starts over", () => {
    const builder = new LogsBuilder(resource, scope);
    builder.add(first);
    builder.add(second);
    const { byteLength } = builder;
    expect(builder.itemCount).toBe(2);
    expect(builder.build().byteLength).toBe(byteLength);
    expect(builder.itemCount).toBe(0);
    expect(builder.build().itemCount).toBe(0);
    builder.add(first);
    expect(bodies(builder.build())).toEqual(["one"]);
  });

  test("refuses a value that is nested too deep, and keeps the others", () => {
    const builder = new LogsBuilder(resource);
    const cycle: Record<string, AnyMap> = {};
    cycle.self = cycle;
    builder.add(first);
    expect(() => builder.add({ body: cycle })).toThrow("arrays and maps");
    builder.add(second);
    const built = builder.build();
    expect(bodies(built)).toEqual(["one", second.body]);
    expect(bodies(Logs.fromProtobuf(built.encode()))).toEqual(["one", second.body]);
  });
});

describe("Logs", () => {
  test("reads every field", () => {
    const record = only(
      batchOf({
        timeUnixNano: 1_700_000_000_123_456_789n,
        observedTimeMs: 1_700_000_000_124,
        severityNumber: 13,
        severityText: "WARN",
        body: "b",
        attributes: {
          int: 2n ** 60n,
          half: 0.5,
          yes: true,
          none: null,
          list: ["a", 1],
          map: { k: "v" },
          raw: Uint8Array.of(1, 2),
        },
        eventName: "e",
        traceId: "0123456789ABCDEF0123456789abcdef",
        spanId: "00f067aa0ba902b7",
        flags: 0x101,
        droppedAttributesCount: 3,
      }),
    );
    expect(record.timeUnixNano).toBe(1_700_000_000_123_456_789n);
    expect(record.observedTimeUnixNano).toBe(1_700_000_000_124_000_000n);
    expect(record.timeMs).toBe(1_700_000_000_123);
    expect([record.severityNumber, record.severityText, record.body, record.eventName]).toEqual([13, "WARN", "b", "e"]);
    expect(record.traceId).toBe("0123456789abcdef0123456789abcdef");
    expect(record.spanId).toBe("00f067aa0ba902b7");
    expect([record.flags, record.droppedAttributesCount]).toEqual([0x101, 3]);
    expect(record.attributes()).toEqual({
      int: 2n ** 60n,
      half: 0.5,
      yes: true,
      none: null,
      list: ["a", 1],
      map: { k: "v" },
      raw: Uint8Array.of(1, 2),
    });
    expect(record.attribute("int")).toBe(2n ** 60n);
    expect(record.attribute("absent")).toBeUndefined();
    expect(record.attribute("none")).toBeNull();
    expect(record.resource.attribute("service.name")).toBe("shop");
    expect(record.resource.attributes()).toEqual(resource);
    expect([record.scope.name, record.scope.version]).toEqual(["console", "1.2"]);
  });

  test("selects records, and is itself where all are kept", () => {
    const logs = batchOf(first, second, first);
    expect(logs.select(() => true)).toBe(logs);
    const errors = logs.select((record) => record.severityNumber >= 17);
    expect(bodies(errors)).toEqual([second.body]);
    expect(errors.maxSeverity).toBe(17);
    expect(Logs.fromProtobuf(errors.encode()).toJson()).toEqual(errors.toJson());
    expect(errors.byteLength).toBe(errors.encode().length);
    expect(logs.select(() => false).encode()).toHaveLength(0);
  });

  test("changes what an edit names and nothing else", () => {
    const logs = batchOf(first, second, first);
    const edited = logs.map((record) =>
      record.severityNumber === 17
        ? { severityNumber: 13, severityText: "WARN", body: "less", attributes: { added: "a", absent: undefined } }
        : record.attribute("n") === 1
          ? { attributes: { n: undefined, s: "y" } }
          : undefined,
    );
    expect(Array.from(edited.records(), (r) => [r.severityNumber, r.severityText, r.body, r.attributes()])).toEqual([
      [9, "INFO", "one", { s: "y" }],
      [13, "WARN", "less", { added: "a" }],
      [9, "INFO", "one", { s: "y" }],
    ]);
    expect(bodies(logs)).toEqual(["one", second.body, "one"]);
    expect(Logs.fromProtobuf(edited.encode()).toJson()).toEqual(edited.toJson());
    expect(logs.map(() => undefined)).toBe(logs);
  });

  test("sets and deletes resource attributes", () => {
    const logs = batchOf(first, second).withResourceAttributes({
      "service.name": "other",
      "process.pid": undefined,
      new: [1],
    });
    expect(only(logs.select((r) => r.body === "one")).resource.attributes()).toEqual({
      "service.name": "other",
      new: [1],
    });
    expect(Logs.fromProtobuf(logs.encode()).toJson()).toEqual(logs.toJson());
  });

  test("merges by joining, splits by records and bytes, groups by resource", () => {
    const other = new LogsBuilder({ "service.name": "cart" });
    other.add(first);
    const merged = Logs.merge([batchOf(first, second), other.build(), batchOf(second)]);
    expect(merged.itemCount).toBe(4);
    expect(Buffer.concat(merged.pieces())).toEqual(Buffer.from(merged.encode()));
    expect(merged.byteLength).toBe(merged.encode().length);
    expect(Logs.fromProtobuf(merged.encode()).toJson()).toEqual(merged.toJson());
    const groups = merged.groupByResource((r) => String(r.attribute("service.name")));
    expect(Array.from(groups, ([key, logs]) => [key, logs.itemCount])).toEqual([
      ["shop", 3],
      ["cart", 1],
    ]);
    expect(merged.split({ maxRecords: 3 }).map((part) => part.itemCount)).toEqual([3, 1]);
    const parts = merged.split({ maxBytes: 220 });
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part.encode().length).toBeLessThanOrEqual(220);
    expect(parts.flatMap(bodies)).toEqual(bodies(merged));
  });

  test("gives records without an observed time one", () => {
    const logs = batchOf({ body: "a" }, { body: "b", observedTimeMs: 5 }).withObservedTime(9);
    expect(Array.from(logs.records(), (r) => [r.observedTimeUnixNano, r.timeMs])).toEqual([
      [9_000_000n, 9],
      [5_000_000n, 5],
    ]);
    expect(logs.withObservedTime(10)).toBe(logs);
    expect(Logs.fromProtobuf(logs.encode()).toJson()).toEqual(logs.toJson());
  });

  test("goes through JSON and back", () => {
    const logs = Logs.merge([
      batchOf(first, second),
      batchOf({ body: Number.NaN, attributes: { big: -(2n ** 63n), raw: Uint8Array.of(255) } }),
    ]);
    const back = logsFromJson(logs.toJson());
    expect(back.rejected).toBe(0);
    expect(back.logs.toJson()).toBe(logs.toJson());
    expect(back.logs.encode()).toEqual(logs.encode());
  });

  test("refuses what is no request, with the byte", () => {
    const bytes = batchOf(first, second).encode();
    for (let length = 1; length < bytes.length; length++)
      expect(() => Logs.fromProtobuf(bytes.subarray(0, length))).toThrow(/at byte \d+/);
  });
});
