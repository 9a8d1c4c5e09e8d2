import { describe, expect, test } from "vitest";
import {
  type AnyValue,
  defaultOtlpLimits,
  Logs,
  LogsBuilder,
  logsFromJson,
  OpaqueBatch,
  OtlpError,
  type OtlpErrorCode,
} from "./index.ts";

function refusal(run: () => unknown): { code: OtlpErrorCode; message: string } {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(OtlpError);
    return error as OtlpError;
  }
  throw new Error("expected a refusal");
}

function nested(depth: number): AnyValue {
  return depth === 0 ? "leaf" : { k: nested(depth - 1) };
}

function batchOf(...bodies: AnyValue[]): Uint8Array {
  const builder = new LogsBuilder({});
  for (const body of bodies) builder.add({ body });
  return builder.build().encode();
}

function field(tag: number, bytes: number[]): number[] {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  return [tag, ...length, rest, ...bytes];
}

/** A record nested past what a builder writes, between two others. */
function tooDeep(depth: number): Uint8Array {
  let value: number[] = [];
  for (let i = 0; i < depth; i++) value = field(0x2a, field(0x0a, value));
  const bad = field(0x12, field(0x2a, value));
  const good = field(0x12, [0x10, 9]);
  return Uint8Array.from(field(0x0a, field(0x12, [...good, ...bad, ...good])));
}

describe("limits", () => {
  test("of bytes", () => {
    const bytes = batchOf("one");
    expect(Logs.fromProtobuf(bytes, { maxBytes: bytes.length }).itemCount).toBe(1);
    expect(refusal(() => Logs.fromProtobuf(bytes, { maxBytes: bytes.length - 1 }))).toMatchObject({
      code: "DEVMUX_OTLP_TOO_LARGE",
      message: expect.stringContaining(`at most ${bytes.length - 1} bytes, got ${bytes.length}`),
    });
    expect(refusal(() => logsFromJson("{}  ", { maxBytes: 3 })).code).toBe("DEVMUX_OTLP_TOO_LARGE");
    expect(refusal(() => OpaqueBatch.fromProtobuf("traces", bytes, { maxBytes: 3 })).code).toBe(
      "DEVMUX_OTLP_TOO_LARGE",
    );
  });

  test("of records", () => {
    const bytes = batchOf("one", "two", "three");
    expect(Logs.fromProtobuf(bytes, { maxRecords: 3 }).itemCount).toBe(3);
    expect(refusal(() => Logs.fromProtobuf(bytes, { maxRecords: 2 })).code).toBe("DEVMUX_OTLP_TOO_MANY_RECORDS");
    expect(refusal(() => logsFromJson(Logs.fromProtobuf(bytes).toJson(), { maxRecords: 2 })).code).toBe(
      "DEVMUX_OTLP_TOO_MANY_RECORDS",
    );
  });

  test("of empty records and envelopes, which cost most for their bytes", () => {
    const many = (tag: number, count: number): number[] =>
      Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? tag : 0));
    expect(Logs.fromProtobuf(Uint8Array.from(many(0x0a, 100_000))).itemCount).toBe(0);
    expect(Logs.fromProtobuf(Uint8Array.from(field(0x0a, many(0x12, 100_000)))).itemCount).toBe(0);
    for (const groups of [many(0x0a, 101), field(0x0a, many(0x12, 100))])
      expect(refusal(() => Logs.fromProtobuf(Uint8Array.from(groups), { maxRecords: 50 })).message).toContain(
        "expected at most 100 resources and scopes, got more",
      );
    for (const groups of ['{"resourceLogs":[{}', `{"resourceLogs":[{"scopeLogs":[{}`])
      expect(refusal(() => logsFromJson(groups + ",{}".repeat(100), { maxRecords: 50 })).code).toBe(
        "DEVMUX_OTLP_TOO_MANY_RECORDS",
      );
    const records = Uint8Array.from(field(0x0a, field(0x12, many(0x12, 100_000))));
    expect(Logs.fromProtobuf(records).itemCount).toBe(100_000);
    expect(refusal(() => Logs.fromProtobuf(records, { maxRecords: 99_999 })).code).toBe("DEVMUX_OTLP_TOO_MANY_RECORDS");
  });

  test("of attributes and nested values in one record", () => {
    const bytes = batchOf(
      [1, 2, 3],
      Array.from({ length: 20 }, (_, i) => i),
    );
    const limits = { maxValues: 10 };
    expect(refusal(() => Logs.fromProtobuf(bytes, limits)).code).toBe("DEVMUX_OTLP_TOO_MANY_VALUES");
    const read = Logs.readProtobuf(bytes, limits);
    expect([read.rejected, read.logs.itemCount]).toEqual([1, 1]);
    const fromJson = logsFromJson(Logs.fromProtobuf(bytes).toJson(), limits);
    expect([fromJson.rejected, fromJson.logs.itemCount]).toEqual([1, 1]);
    expect(fromJson.message).toContain("at most 10 attributes and nested values");
  });

  test("of depth: a record that is deeper is left out, where the reader is asked to go on", () => {
    const { maxDepth } = defaultOtlpLimits;
    expect(Logs.fromProtobuf(batchOf(nested(maxDepth))).itemCount).toBe(1);
    expect(refusal(() => batchOf(nested(maxDepth + 1))).code).toBe("DEVMUX_OTLP_TOO_DEEP");
    expect(Logs.fromProtobuf(tooDeep(maxDepth)).itemCount).toBe(3);
    const bytes = tooDeep(maxDepth + 1);
    expect(refusal(() => Logs.fromProtobuf(bytes))).toMatchObject({
      code: "DEVMUX_OTLP_TOO_DEEP",
      message: expect.stringMatching(/at byte \d+$/),
    });
    const read = Logs.readProtobuf(bytes);
    expect([read.rejected, read.logs.itemCount]).toEqual([1, 2]);
    expect(read.message).toContain("expected at most 30 arrays and maps inside each other");
    expect(Logs.fromProtobuf(read.logs.encode()).itemCount).toBe(2);
    const whole = Logs.readProtobuf(batchOf("one"));
    expect([whole.rejected, whole.message]).toEqual([0, undefined]);
  });

  test("a fault of the wire format refuses the whole request", () => {
    const bytes = batchOf("one", "two");
    expect(refusal(() => Logs.readProtobuf(bytes.subarray(0, bytes.length - 1))).code).toBe("DEVMUX_OTLP_LENGTH");
  });
});

describe("refusals", () => {
  const cases: readonly [OtlpErrorCode, string, number[]][] = [
    ["DEVMUX_OTLP_TRUNCATED", "a tag at the end", [0x0a]],
    ["DEVMUX_OTLP_TRUNCATED", "a varint at the end", [0x80]],
    ["DEVMUX_OTLP_LENGTH", "a length past the end", [0x0a, 5, 0]],
    [
      "DEVMUX_OTLP_VARINT",
      "a varint of 11 bytes",
      [0x78, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ],
    ["DEVMUX_OTLP_VARINT", "a length of 35 bits", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ["DEVMUX_OTLP_TAG", "field number 0", [0x02, 0]],
    ["DEVMUX_OTLP_TAG", "wire type 6", [0x0e, 0]],
    ["DEVMUX_OTLP_TAG", "the end of a group that was not begun", [0x7c]],
    ["DEVMUX_OTLP_TAG", "the end of another group", [0x7b, 0x74]],
    ["DEVMUX_OTLP_TRUNCATED", "a group without an end", [0x7b, 0x08, 1]],
    ["DEVMUX_OTLP_TOO_DEEP", "groups inside each other", Array.from({ length: 100 }, () => 0x7b)],
    ["DEVMUX_OTLP_WIRE_TYPE", "resource_logs as a number", [0x08, 1]],
    ["DEVMUX_OTLP_WIRE_TYPE", "scope_logs as a number", [0x0a, 2, 0x10, 1]],
    ["DEVMUX_OTLP_WIRE_TYPE", "a severity of 8 bytes", [0x0a, 13, 0x12, 11, 0x12, 9, 0x11, 0, 0, 0, 0, 0, 0, 0, 0]],
    ["DEVMUX_OTLP_WIRE_TYPE", "an attribute as a number", [0x0a, 6, 0x12, 4, 0x12, 2, 0x30, 1]],
    [
      "DEVMUX_OTLP_LENGTH",
      "a value that is longer than its attribute",
      field(0x0a, field(0x12, field(0x12, field(0x32, [0x0a, 1, 0x6b, 0x12, 3, 0x0a, 9, 0x76])))),
    ],
    [
      "DEVMUX_OTLP_LENGTH",
      "a body that is longer than its value",
      field(0x0a, field(0x12, field(0x12, field(0x2a, [0x0a, 9, 0x76])))),
    ],
    ["DEVMUX_OTLP_LENGTH", "a key that is longer than its attribute", [0x0a, 8, 0x12, 6, 0x12, 4, 0x32, 2, 0x0a, 1]],
  ];
  test.each(cases)("%s: %s", (code, _name, bytes) => {
    const error = refusal(() => Logs.fromProtobuf(Uint8Array.from(bytes)));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(/^expected .* at byte \d+$/)]);
  });
});
