// Texts changed in the bytes, against the oracle: what it reads from the changed bytes is what changing its own message gives.

import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Logs, LogsBuilder, OpaqueBatch, OtlpError, opaqueFromJson, type TextEditor } from "../src/otlp/index.ts";
import { logsRequest } from "./arbitraries.ts";
import {
  ExportLogsServiceRequestSchema,
  ExportMetricsServiceRequestSchema,
  ExportTraceServiceRequestSchema,
} from "./gen/otlp_pb.js";
import { anyMessage } from "./messages.ts";
import { canonical, recordsOf, recordsOfOracle } from "./plain.ts";
import { rawRecords } from "./raw.ts";
import { rewired } from "./rewire.ts";

const runs = { numRuns: 200, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true };
const dice = fc.infiniteStream(fc.nat({ max: 99 }));

const mask = Buffer.from("M");
const replaced = "url.full";
const kept = "exception.type";

/** `a` becomes `<>` everywhere, `url.full` loses its value, `exception.type` keeps it. */
const editor: TextEditor = {
  mayChange(bytes, start, end) {
    for (let at = start; at < end; at++) if (bytes[at] === 0x61 || bytes[at] === 0x75) return true;
    return false;
  },
  text: (bytes, start, end) => changedBytes(bytes.subarray(start, end)),
  value(key) {
    if (key === kept) return { kind: "keep" };
    return key === replaced ? { kind: "replace", text: mask, numbers: true } : undefined;
  },
};

function changedBytes(bytes: Uint8Array): Uint8Array | undefined {
  if (!bytes.includes(0x61)) return undefined;
  return Uint8Array.from([...bytes].flatMap((byte) => (byte === 0x61 ? [0x3c, 0x3e] : [byte])));
}

const changedText = (text: string) => text.replaceAll("a", "<>");

type Plain = Record<string, unknown> & { $typeName?: string };
type OneOf = { case?: string; value?: unknown };

/** The same in the oracle's message. */
function changed(value: unknown, name = ""): unknown {
  if (typeof value === "string") return changedText(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, name));
  if (value instanceof Uint8Array) return name === "bytesValue" ? (changedBytes(value) ?? value) : value;
  if (typeof value !== "object" || value === null) return value;
  const message = value as Plain;
  if (message.$typeName?.endsWith(".KeyValue")) return changedPair(message);
  return Object.fromEntries(
    Object.entries(message).map(([key, inner]) => {
      const oneOf = inner as OneOf;
      const isOneOf = typeof inner === "object" && inner !== null && "case" in inner;
      if (key.startsWith("$")) return [key, inner];
      return [key, isOneOf ? { ...oneOf, value: changed(oneOf.value, oneOf.case) } : changed(inner, key)];
    }),
  );
}

function changedPair(pair: Plain): unknown {
  const key = changedText(pair.key as string);
  if (pair.key === kept) return { ...pair, key };
  return { ...pair, key, value: pair.key === replaced ? masked(pair.value) : changed(pair.value) };
}

function masked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const message = value as Plain;
  const oneOf = message.value as OneOf;
  const text = { case: "stringValue", value: "M" };
  switch (oneOf.case) {
    case "stringValue":
      return { ...message, value: oneOf.value === "" ? oneOf : text };
    case "bytesValue":
      return { ...message, value: { ...oneOf, value: (oneOf.value as Uint8Array).length === 0 ? oneOf.value : mask } };
    case "intValue":
    case "doubleValue":
      return { ...message, value: text };
    case "arrayValue": {
      const list = oneOf.value as Plain & { values: unknown[] };
      return { ...message, value: { ...oneOf, value: { ...list, values: list.values.map(masked) } } };
    }
    default:
      return changed(message);
  }
}

/** The resources of a request, and their scopes, that have spans or metrics: no others are in a batch. */
function withItems(request: unknown, signal: "traces" | "metrics"): unknown {
  const [resources, scopes, items] =
    signal === "traces"
      ? (["resourceSpans", "scopeSpans", "spans"] as const)
      : (["resourceMetrics", "scopeMetrics", "metrics"] as const);
  const lists = (of: unknown, name: string) => (of as Plain)[name] as Plain[];
  return lists(request, resources)
    .map((resource) => ({
      ...resource,
      [scopes]: lists(resource, scopes).filter((scope) => lists(scope, items).length > 0),
    }))
    .filter((resource) => lists(resource, scopes).length > 0);
}

/** Without members that are undefined: a message has them or not, depending on how it was made. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(members.map(([key, inner]) => [key, defined(inner)]));
}

/** Requests in which there is something to change. */
const requests = logsRequest.filter((request) => request.resourceLogs.length > 0);

describe("logs", () => {
  test("texts change wherever they are, and nothing else does", () => {
    const schema = ExportLogsServiceRequestSchema;
    let seen = 0;
    fc.assert(
      fc.property(requests, dice, (request, dice) => {
        const bytes = rewired(schema, toBinary(schema, request), dice);
        const logs = Logs.fromProtobuf(bytes);
        const after = logs.mapTexts(editor);
        const expected = changed(fromBinary(schema, bytes)) as typeof request;
        expect(recordsOf(after)).toEqual(recordsOfOracle(expected));
        expect(recordsOfOracle(fromBinary(schema, after.encode()))).toEqual(recordsOfOracle(expected));
        expect(recordsOf(Logs.fromProtobuf(after.encode()))).toEqual(recordsOf(after));
        expect(Buffer.compare(bytes, logs.encode())).toBe(0);
        if (after !== logs) seen++;
        // Done once, there is nothing left to do.
        expect(after.mapTexts(editor)).toBe(after);
      }),
      runs,
    );
    expect(seen).toBeGreaterThan(50);
  });

  test("records in which nothing changes keep their bytes, also in a batch that was derived", () => {
    const builder = new LogsBuilder({ r: "x" }, { name: "s" });
    for (const body of ["one", "an a", "three"]) builder.add({ body, attributes: { k: [1, "z", { deep: "a" }] } });
    const logs = builder.build().select((record) => record.body !== "one");
    const after = logs.mapTexts({ ...editor, mayChange: (bytes, start, end) => editor.mayChange(bytes, start, end) });
    expect([...after.records()].map(({ body }) => body)).toEqual(["<>n <>", "three"]);
    const plain = new LogsBuilder({ r: "x" });
    plain.add({ body: "b" });
    plain.add({ body: "a" });
    const before = plain.build();
    expect(rawRecords(before.mapTexts(editor).encode())[0]).toBe(rawRecords(before.encode())[0]);
  });

  test("a resource without records is left out where it may hold what has to change, and kept where not", () => {
    const attribute = (value: string) => ({
      attributes: [{ key: "k", value: { value: { case: "stringValue" as const, value } } }],
    });
    const encode = (value: string) => {
      const request = create(ExportLogsServiceRequestSchema, {
        resourceLogs: [
          { resource: attribute(value) },
          { scopeLogs: [{ logRecords: [{ body: { value: { case: "stringValue", value: "b" } } }] }] },
        ],
      });
      return Logs.fromProtobuf(toBinary(ExportLogsServiceRequestSchema, request));
    };
    const silent = encode("x");
    expect(silent.mapTexts(editor)).toBe(silent);
    const after = encode("a secret").mapTexts(editor);
    expect(Buffer.from(after.encode()).includes("secret")).toBe(false);
    expect([...after.records()].map(({ body }) => body)).toEqual(["b"]);
  });
});

describe.each([
  ["traces", ExportTraceServiceRequestSchema],
  ["metrics", ExportMetricsServiceRequestSchema],
] as const)("%s", (signal, schema: DescMessage) => {
  test("texts change wherever they are, and nothing else does", () => {
    const request = anyMessage(schema).map((init) => toBinary(schema, create(schema, init)));
    fc.assert(
      fc.property(request, dice, (bytes, dice) => {
        const wired = rewired(schema, bytes, dice);
        const batch = OpaqueBatch.fromProtobuf(signal, wired);
        const after = batch.mapTexts(editor);
        expect(after.itemCount).toBe(batch.itemCount);
        if (after === batch) return;
        const oracle = withItems(changed(fromBinary(schema, wired)), signal);
        expect(canonical(defined(withItems(fromBinary(schema, after.encode()), signal)))).toBe(
          canonical(defined(oracle)),
        );
      }),
      { ...runs, numRuns: 60 },
    );
  });

  test("what is malformed where it has to be looked into is an OtlpError", () => {
    const key = { key: "a", value: { stringValue: "aaaa" } };
    const request =
      signal === "traces"
        ? { resourceSpans: [{ scopeSpans: [{ spans: [{ name: "n", attributes: [key] }] }] }] }
        : { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "n", metadata: [key] }] }] }] };
    const bytes = opaqueFromJson(signal, request).batch.encode().slice();
    bytes[Buffer.from(bytes).indexOf("aaaa") - 1] = 0x7f;
    const batch = OpaqueBatch.fromProtobuf(signal, bytes);
    expect(() => batch.mapTexts(editor)).toThrow(OtlpError);
  });
});
