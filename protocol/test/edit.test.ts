// Changed batches: what an edit names is changed as the oracle would have it, every other byte is as it was.

import { fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnyMap, type AnyValue, type AttributeEdits, Logs, type RecordEdit } from "../src/otlp/index.ts";
import { jsValue, key, logsRequest, text } from "./arbitraries.ts";
import { ExportLogsServiceRequestSchema as schema } from "./gen/otlp_pb.js";
import { canonical, recordsOf, recordsOfOracle } from "./plain.ts";
import { hex, rawFields, rawGroups, rawRecords } from "./raw.ts";
import { rewired } from "./rewire.ts";

const runs = { numRuns: 300, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true };
const dice = fc.infiniteStream(fc.nat({ max: 99 }));

const attributes: fc.Arbitrary<AttributeEdits> = fc
  .array(fc.tuple(key, fc.option(jsValue, { nil: undefined })), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries) as AttributeEdits);

const edit: fc.Arbitrary<RecordEdit> = fc.record(
  { body: jsValue, severityNumber: fc.integer({ min: 0, max: 24 }), severityText: text, eventName: text, attributes },
  { requiredKeys: [] },
);

/** Field numbers that an edit may write, of a LogRecord. */
const editable: Record<keyof RecordEdit, number> = {
  severityNumber: 2,
  severityText: 3,
  body: 5,
  attributes: 6,
  eventName: 12,
};

function edited(map: AnyMap, edits: AttributeEdits): AnyMap {
  const out: Record<string, AnyValue> = Object.assign(Object.create(null), map);
  for (const key of Object.keys(edits)) {
    if (edits[key] === undefined) delete out[key];
    else out[key] = edits[key];
  }
  return out;
}

function rest(record: string, edit: RecordEdit): string {
  const numbers = new Set(Object.keys(edit).map((name) => editable[name as keyof RecordEdit]));
  return hex(
    rawFields(Buffer.from(record, "hex")).flatMap((field) => (numbers.has(field.number) ? [] : [field.bytes])),
  );
}

describe("edits", () => {
  test("of records change what they name, and leave every other byte", () => {
    fc.assert(
      fc.property(
        logsRequest,
        dice,
        fc.array(fc.option(edit, { nil: undefined }), { minLength: 1, maxLength: 5 }),
        (request, dice, edits) => {
          const logs = Logs.fromProtobuf(rewired(schema, toBinary(schema, request), dice));
          const before = [...logs.records()];
          let at = 0;
          const after = logs.map(() => edits[at++ % edits.length]);
          expect(recordsOfOracle(fromBinary(schema, after.encode()))).toEqual(recordsOf(after));
          const raw = { before: rawRecords(logs.encode()), after: rawRecords(after.encode()) };
          for (const [i, record] of [...after.records()].entries()) {
            const change = edits[i % edits.length] ?? {};
            const old = before[i]!;
            expect(canonical(record.body)).toBe(canonical(change.body === undefined ? old.body : change.body));
            expect(record.severityNumber).toBe(change.severityNumber ?? old.severityNumber);
            expect(record.severityText).toBe(change.severityText ?? old.severityText);
            expect(record.eventName).toBe(change.eventName ?? old.eventName);
            expect(canonical(record.attributes())).toBe(canonical(edited(old.attributes(), change.attributes ?? {})));
            for (const key of Object.keys(change.attributes ?? {})) {
              expect(canonical(record.attribute(key))).toBe(canonical(change.attributes![key]));
            }
            expect(rest(raw.after[i]!, change)).toBe(rest(raw.before[i]!, change));
          }
        },
      ),
      runs,
    );
  });

  test("of resources change their attributes, and leave every other byte", () => {
    fc.assert(
      fc.property(logsRequest, dice, attributes, (request, dice, edits) => {
        const logs = Logs.fromProtobuf(rewired(schema, toBinary(schema, request), dice));
        const after = logs.withResourceAttributes(edits);
        expect(recordsOfOracle(fromBinary(schema, after.encode()))).toEqual(recordsOf(after));
        expect(rawRecords(after.encode())).toEqual(rawRecords(logs.encode()));
        const resources = [...after.records()].map((record) => record.resource);
        for (const [i, { resource }] of [...logs.records()].entries()) {
          expect(canonical(resources[i]!.attributes())).toBe(canonical(edited(resource.attributes(), edits)));
          expect(resources[i]!.schemaUrl).toBe(resource.schemaUrl);
          expect(resources[i]!.entityRefs).toEqual(resource.entityRefs);
        }
      }),
      runs,
    );
  });

  test("selections keep records and their envelopes, unknown fields too, byte for byte", () => {
    fc.assert(
      fc.property(logsRequest, dice, (request, dice) => {
        const logs = Logs.fromProtobuf(rewired(schema, toBinary(schema, request), dice));
        let at = 0;
        const kept = logs.select(() => at++ % 3 !== 0);
        at = 0;
        const expected = rawGroups(logs.encode())
          .map((resource) => ({
            ...resource,
            children: resource.children
              .map((scope) => ({ ...scope, children: scope.children.filter(() => at++ % 3 !== 0) }))
              .filter((scope) => scope.children.length > 0),
          }))
          .filter((resource) => resource.children.length > 0);
        if (kept !== logs) expect(rawGroups(kept.encode())).toEqual(expected);
      }),
      runs,
    );
  });

  test("a severity that is none is refused", () => {
    const logs = Logs.fromProtobuf(Uint8Array.of(0x0a, 4, 0x12, 2, 0x12, 0));
    expect(logs.itemCount).toBe(1);
    expect(() => logs.map(() => ({ severityNumber: 25 }))).toThrow("expected a severity number from 0 to 24, got 25");
  });
});
