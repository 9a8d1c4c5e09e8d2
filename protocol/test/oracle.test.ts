// The batch against protobuf-es: what one writes the other reads, field by field.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnyValue, Logs, LogsBuilder, logsFromJson } from "../src/otlp/index.ts";
import { logsRequest } from "./arbitraries.ts";
import { type ExportLogsServiceRequest, ExportLogsServiceRequestSchema } from "./gen/otlp_pb.js";
import { recordsOf, recordsOfOracle } from "./plain.ts";
import { rewired } from "./rewire.ts";

const schema = ExportLogsServiceRequestSchema;
const runs = { numRuns: 300, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true };

function bytesOf(request: ExportLogsServiceRequest): Uint8Array {
  return toBinary(schema, request);
}

function oracleRecords(bytes: Uint8Array): string[] {
  return recordsOfOracle(fromBinary(schema, bytes));
}

describe("against protobuf-es", () => {
  test("every field of every record reads as the oracle reads it", () => {
    fc.assert(
      fc.property(logsRequest, (request) => {
        const logs = Logs.fromProtobuf(bytesOf(request));
        expect(recordsOf(logs)).toEqual(recordsOfOracle(request));
        expect(logs.maxSeverity).toBe(Math.max(0, ...Array.from(logs.records(), (record) => record.severityNumber)));
      }),
      runs,
    );
  });

  test("whose the records are, and how many are severe, is what the records say", () => {
    fc.assert(
      fc.property(logsRequest, fc.nat({ max: 24 }), (request, severity) => {
        const logs = Logs.fromProtobuf(bytesOf(request));
        const said = logs.resourceRuns(severity).flatMap(({ resource, records }) => Array(records).fill(resource));
        expect(said).toHaveLength(logs.itemCount);
        for (const [index, { resource }] of [...logs.records()].entries()) expect(said[index]).toBe(resource);
        const severe = logs.resourceRuns(severity).reduce((sum, run) => sum + run.severe, 0);
        expect(severe).toBe([...logs.records()].filter(({ severityNumber }) => severityNumber >= severity).length);
      }),
      runs,
    );
  });

  test("so it does in every other form that the wire format allows", () => {
    fc.assert(
      fc.property(logsRequest, fc.infiniteStream(fc.nat({ max: 99 })), (request, dice) => {
        const bytes = rewired(schema, bytesOf(request), dice);
        expect(recordsOf(Logs.fromProtobuf(bytes))).toEqual(oracleRecords(bytes));
      }),
      runs,
    );
  });

  test("selecting, splitting, grouping and merging lose, add and change nothing", () => {
    fc.assert(
      fc.property(
        logsRequest,
        fc.infiniteStream(fc.nat({ max: 99 })),
        fc.integer({ min: 1, max: 2000 }),
        (request, dice, maxBytes) => {
          const logs = Logs.fromProtobuf(rewired(schema, bytesOf(request), dice));
          const all = recordsOf(logs);
          const kept = all.map(() => dice.next().value! % 2 === 0);
          let at = 0;
          const selected = logs.select(() => kept[at++]!);
          expect(oracleRecords(selected.encode())).toEqual(all.filter((_, i) => kept[i]));
          const parts = logs.split({ maxBytes, maxRecords: 3 });
          for (const part of parts) {
            expect(part.itemCount).toBeLessThanOrEqual(3);
            expect(part.itemCount === 1 || part.encode().length <= maxBytes).toBe(true);
            expect(part.byteLength).toBe(part.encode().length);
          }
          expect(parts.flatMap((part) => oracleRecords(part.encode()))).toEqual(all);
          expect(oracleRecords(Logs.merge([selected, ...parts]).encode())).toEqual([...recordsOf(selected), ...all]);
          const groups = logs.groupByResource((resource) => String(resource.droppedAttributesCount));
          expect([...groups.values()].flatMap((group) => oracleRecords(group.encode())).sort()).toEqual(
            [...all].sort(),
          );
        },
      ),
      runs,
    );
  });

  test("through JSON and back everything is the same but ids that are none", () => {
    fc.assert(
      fc.property(logsRequest, (request) => {
        const logs = Logs.fromProtobuf(bytesOf(request));
        const back = logsFromJson(logs.toJson());
        expect([back.message, back.rejected]).toEqual([undefined, 0]);
        expect(recordsOf(back.logs)).toEqual(recordsOf(logs));
        expect(oracleRecords(back.logs.encode())).toEqual(recordsOf(logs));
        expect(logsFromJson(new TextEncoder().encode(logs.toJson())).logs.encode()).toEqual(back.logs.encode());
        expect(logsFromJson(JSON.parse(logs.toJson())).logs.encode()).toEqual(back.logs.encode());
      }),
      runs,
    );
  });

  test("what a builder writes the oracle reads", () => {
    fc.assert(
      fc.property(logsRequest, (request) => {
        const logs = Logs.fromProtobuf(bytesOf(request));
        for (const record of logs.records()) {
          const builder = new LogsBuilder(record.resource.attributes());
          const init = {
            timeUnixNano: record.timeUnixNano,
            severityNumber: record.severityNumber,
            severityText: record.severityText,
            body: record.body,
            attributes: record.attributes(),
            eventName: record.eventName,
            traceId: record.traceId,
            spanId: record.spanId,
            flags: record.flags,
            droppedAttributesCount: record.droppedAttributesCount,
          };
          builder.add(init);
          const built = builder.build();
          expect(oracleRecords(built.encode())).toEqual(recordsOf(built));
          const [read] = [...built.records()];
          for (const [name, value] of Object.entries(init)) {
            const field = read![name as keyof typeof init];
            expect(typeof field === "function" ? (field as () => AnyValue).call(read) : field).toEqual(value);
          }
        }
      }),
      runs,
    );
  });

  test("an empty request is an empty batch", () => {
    expect(Logs.fromProtobuf(bytesOf(create(schema))).itemCount).toBe(0);
  });
});
