// The JSON reader against JSON.parse: what is JSON for the one is for the other, and no form of the same request makes a
// difference.

import { toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Logs, logsFromJson, OtlpError } from "../src/otlp/index.ts";
import { logsRequest, text } from "./arbitraries.ts";
import { ExportLogsServiceRequestSchema as schema } from "./gen/otlp_pb.js";
import { recordsOf } from "./plain.ts";

const runs = { numRuns: 300, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true };

/** The same JSON with every character of every string escaped. */
function escaped(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
    const units = Array.from({ length: (JSON.parse(quoted) as string).length }, (_, i) =>
      (JSON.parse(quoted) as string).charCodeAt(i),
    );
    return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
  });
}

/** The same value with the members of every object in reverse, and members in between that the schema does not know. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries([
    ["unknownFirst", [{}, [], "}"]],
    ...entries.map(([key, inner]) => [key, reversed(inner)]),
    ["x", null],
  ]);
}

function syntaxFault(json: string | Uint8Array): OtlpError | undefined {
  try {
    logsFromJson(json);
  } catch (error) {
    expect(error).toBeInstanceOf(OtlpError);
    if ((error as OtlpError).code === "DEVMUX_OTLP_JSON_SYNTAX") return error as OtlpError;
  }
  return undefined;
}

function isJson(json: string): boolean {
  try {
    // A byte order mark before it is let through, as TextDecoder does.
    JSON.parse(json.replace(/^\ufeff/, ""));
    return true;
  } catch {
    return false;
  }
}

describe("the JSON reader", () => {
  test("reads the same from every form of the same request", () => {
    fc.assert(
      fc.property(logsRequest, (request) => {
        const logs = Logs.fromProtobuf(toBinary(schema, request));
        const json = logs.toJson();
        const parsed = JSON.parse(json) as object;
        const forms = [
          JSON.stringify(parsed, null, 2),
          `\ufeff \t\r\n${json}\n `,
          escaped(json),
          JSON.stringify(reversed(parsed)),
          parsed,
        ];
        for (const form of forms) {
          const { logs: read, rejected, message } = logsFromJson(form);
          expect([rejected, message]).toEqual([0, undefined]);
          expect(recordsOf(read)).toEqual(recordsOf(logs));
        }
      }),
      runs,
    );
  });

  test("takes as JSON what JSON.parse takes, in what it reads and in what it passes over", () => {
    const piece = fc.oneof(
      fc.json({ stringUnit: "binary" }),
      fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        "\\",
        "\\u12",
        '"\\x"',
        '"\t"',
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "1E+5",
        "-0",
        "nul",
        "true",
        "\u00a0",
      ),
      text,
    );
    const json = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(
        json,
        fc.constantFrom("$", '{"unknown":$}', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":$}]}]}]}'),
        (json, frame) => {
          const whole = frame.replace("$", () => json);
          expect(syntaxFault(whole) === undefined).toBe(isJson(whole));
        },
      ),
      { ...runs, numRuns: 2000 },
    );
  });

  test.each([
    ["", "expected a value, got the end of the text, at byte 0"],
    ['{"a" 1}', 'expected ":", got "1}", at byte 5'],
    ['{"a":1', 'expected "," or "}", got the end of the text, at byte 6'],
    ["{a:1}", 'expected a string, got "a:1}", at byte 1'],
    ['{"a":[1,]}', 'expected a value, got "]}", at byte 8'],
    ['{"a":"\n"}', 'expected a character of a string, got "\\n\\"}", at byte 6'],
    ['{"a":"\\q"}', 'expected an escape, got "q\\"}", at byte 7'],
    ['{"a":"\\u00g0"}', 'expected a hex digit of an escape, got "g0\\"}", at byte 10'],
    ['{"a":tru}', 'expected "true", got "}", at byte 8'],
    ['{"a":1.}', 'expected a digit, got "}", at byte 7'],
    ["{} {}", 'expected the end of the text, got "{}", at byte 3'],
    ['{"a":"more\u0001than a word"}', 'expected a character of a string, got "\\u0001than a ", at byte 10'],
    [
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":01}]}]}]}',
      'expected "," or "}", got "1}]}]}]}", at byte 65',
    ],
    ['{"resourceLogs":[5}', 'expected "," or "]", got "}", at byte 18'],
  ])("says where %j is no JSON", (json, message) => {
    expect(syntaxFault(json)?.message).toBe(message);
  });

  test("refuses bytes that are no UTF-8 in any string, also one that it passes over", () => {
    const frame = (before: string, after: string): Uint8Array =>
      Uint8Array.from([...Buffer.from(before), 0xc3, 0x28, ...Buffer.from(after)]);
    for (const bytes of [
      frame('{"unknown":"', '"}'),
      frame('{"', '":1}'),
      frame('{"resourceLogs":[{"schemaUrl":"', '"}]}'),
    ]) {
      expect(syntaxFault(bytes)?.message).toContain("expected UTF-8");
    }
  });

  test("takes time by the size of the text alone, however many records are wrong", () => {
    const bad = '{"severityNumber":"x","body":{"kvlistValue":{"values":[{"key":1}]}}},';
    const json = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${bad.repeat(100_000)}{}]}]}]}`;
    const { rejected, logs } = logsFromJson(json);
    expect([rejected, logs.itemCount]).toEqual([100_000, 1]);
  });
});
