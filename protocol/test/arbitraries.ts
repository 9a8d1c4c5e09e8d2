// Requests, values and edits as fast-check makes them: as initialisers of the oracle's messages.

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { AnyValue } from "../src/otlp/index.ts";
import {
  type AnyValueSchema,
  type ExportLogsServiceRequest,
  ExportLogsServiceRequestSchema,
  type KeyValueSchema,
} from "./gen/otlp_pb.js";

type Value = MessageInitShape<typeof AnyValueSchema>;
type Pair = MessageInitShape<typeof KeyValueSchema>;

/** Texts short and long, ASCII and not: each takes another way through the codec. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "grapheme-ascii", maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme-ascii", minLength: 100, maxLength: 300 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 60, maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "\u0000", "\ufeff", "é", "\u{1f600}", "__proto__", "constructor", "toString"),
  },
);

/** A few keys, so that some come twice and edits hit some. */
export const key: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", "url.full", "exception.type", "né", "__proto__", "") },
  { weight: 1, arbitrary: text },
);

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.integer().map(BigInt),
  fc.constantFrom(0n, 2n ** 53n, -(2n ** 63n)),
);
const uint32 = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 32 - 1));
const fixed64 = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(0n, 1_700_000_000_123_456_789n));
const id = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.uint8Array({ minLength: length, maxLength: length }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom(new Uint8Array(0), new Uint8Array(length)) },
  );

const { value, pair } = fc.letrec<{ value: Value; pair: Pair }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: "value" },
    text.map((value): Value => ({ value: { case: "stringValue", value } })),
    fc.boolean().map((value): Value => ({ value: { case: "boolValue", value } })),
    int64.map((value): Value => ({ value: { case: "intValue", value } })),
    fc.double().map((value): Value => ({ value: { case: "doubleValue", value } })),
    fc.uint8Array({ maxLength: 40 }).map((value): Value => ({ value: { case: "bytesValue", value } })),
    fc.constantFrom<Value>({}, { value: { case: "stringValueStrindex", value: 3 } }),
    fc
      .array(tie("value"), { maxLength: 4 })
      .map((values): Value => ({ value: { case: "arrayValue", value: { values } } })),
    fc
      .array(tie("pair"), { maxLength: 4 })
      .map((values): Value => ({ value: { case: "kvlistValue", value: { values } } })),
  ),
  pair: fc
    .record({ key, value: fc.option(tie("value"), { nil: undefined }) }, { requiredKeys: [] })
    .map((init): Pair => init as Pair),
}));

const pairs = fc.array(pair, { maxLength: 5 });

const logRecord = fc.record(
  {
    timeUnixNano: fixed64,
    observedTimeUnixNano: fixed64,
    severityNumber: fc.oneof(fc.integer({ min: 0, max: 24 }), fc.integer()),
    severityText: text,
    body: value,
    attributes: pairs,
    droppedAttributesCount: uint32,
    flags: uint32,
    traceId: id(16),
    spanId: id(8),
    eventName: text,
  },
  { requiredKeys: [] },
);

const scopeLogs = fc.record(
  {
    scope: fc.record(
      { name: text, version: text, attributes: pairs, droppedAttributesCount: uint32 },
      { requiredKeys: [] },
    ),
    logRecords: fc.array(logRecord, { maxLength: 4 }),
    schemaUrl: text,
  },
  { requiredKeys: ["logRecords"] },
);

const entityRef = fc.record({
  schemaUrl: text,
  type: text,
  idKeys: fc.array(text, { maxLength: 2 }),
  descriptionKeys: fc.array(text, { maxLength: 2 }),
});

const resourceLogs = fc.record(
  {
    resource: fc.record(
      { attributes: pairs, droppedAttributesCount: uint32, entityRefs: fc.array(entityRef, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
    scopeLogs: fc.array(scopeLogs, { maxLength: 3 }),
    schemaUrl: text,
  },
  { requiredKeys: ["scopeLogs"] },
);

export const logsRequest: fc.Arbitrary<ExportLogsServiceRequest> = fc
  .array(resourceLogs, { maxLength: 3 })
  .map((resourceLogs) =>
    create(ExportLogsServiceRequestSchema, { resourceLogs } as MessageInitShape<typeof ExportLogsServiceRequestSchema>),
  );

/** Values as someone hands them to a builder or an edit: those that read back as they were written. */
export const jsValue: fc.Arbitrary<AnyValue> = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: "js" },
    text,
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    fc.uint8Array({ maxLength: 300 }),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
})).value;
