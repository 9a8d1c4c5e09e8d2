import fc from "fast-check";
import { expect, test } from "vitest";
import { errorCodes } from "./errors.ts";
import { defaultLimits } from "./limits.ts";
import { parseClientMessage } from "./parse-client.ts";

const meta = { clientId: "c", timestamp: 1 };
const log = { timestamp: 1, severityNumber: 9, severityText: "log", body: "x" };
const hello = { resource: { "service.name": "s" }, platform: { kind: "node" } };

function envelope(type: unknown, payload: unknown, more: object = {}): object {
  return { protocol: "devmux-telemetry", version: 1, type, payload, meta, ...more };
}

function refusal(message: unknown): { code: string; error: string } {
  const result = parseClientMessage(typeof message === "string" ? message : JSON.stringify(message));
  if (result.ok) throw new Error("taken");
  return result.error;
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 ? { a: value } : [value];
  return value;
}

test.each<[string, unknown]>([
  ["hello", envelope("hello", hello)],
  ["log", envelope("log", log)],
  ["export", envelope("export", { sequence: 1, request: { resourceLogs: [] } })],
  ["goodbye", envelope("goodbye", {})],
  ["unknown fields", envelope("log", { ...log, colour: "red", source: { module: "a" } }, { extra: 1 })],
  ["null for what is optional", envelope("log", { ...log, attributes: null, source: null, exception: null })],
  ["no body", envelope("log", { ...log, body: undefined })],
  ["depth 30", envelope("log", { ...log, body: nested(30), attributes: { a: nested(30) } })],
  [
    "128 attributes",
    envelope("log", { ...log, attributes: Object.fromEntries(Array.from({ length: 128 }, (_, i) => [i, i])) }),
  ],
  ["a fraction of a millisecond", envelope("log", { ...log, timestamp: 1767225600000.25 })],
])("takes %s, as text and as parsed", (_, message) => {
  const text = JSON.stringify(message);
  expect(parseClientMessage(text)).toEqual({ ok: true, message: JSON.parse(text) });
  expect(parseClientMessage(JSON.parse(text)).ok).toBe(true);
});

test.each<[string, unknown, string, string]>([
  ["no JSON", "{", errorCodes.badJson, 'message: expected JSON, got "{"'],
  ["empty text", "", errorCodes.badJson, 'message: expected JSON, got ""'],
  ["an array", [], errorCodes.badMessage, "message: expected an object, got an array of 0"],
  ["null", null, errorCodes.badMessage, "message: expected an object, got null"],
  [
    "another protocol",
    { ...envelope("log", log), protocol: "x" },
    errorCodes.unknownProtocol,
    'protocol: expected "devmux-telemetry", got "x"',
  ],
  ["no protocol", {}, errorCodes.unknownProtocol, 'protocol: expected "devmux-telemetry", got nothing'],
  ["version 2", envelope("log", log, { version: 2 }), errorCodes.unknownVersion, "version: expected 1, got 2"],
  [
    "version as text",
    envelope("log", log, { version: "1" }),
    errorCodes.unknownVersion,
    'version: expected 1, got "1"',
  ],
  [
    "a server's message",
    envelope("ack", { sequence: 1 }),
    errorCodes.unknownType,
    'type: expected "hello", "log", "export" or "goodbye", got "ack"',
  ],
  [
    "type of an object's own",
    envelope("constructor", {}),
    errorCodes.unknownType,
    'type: expected "hello", "log", "export" or "goodbye", got "constructor"',
  ],
  ["no payload", envelope("log", undefined), errorCodes.badMessage, "payload: expected an object, got nothing"],
  [
    "no meta",
    envelope("log", log, { meta: undefined }),
    errorCodes.badMessage,
    "meta: expected an object, got nothing",
  ],
  [
    "no clientId",
    envelope("log", log, { meta: { timestamp: 1 } }),
    errorCodes.badMessage,
    "meta.clientId: expected a non-empty string, got nothing",
  ],
  [
    "a clientId of 129",
    envelope("log", log, { meta: { clientId: "c".repeat(129), timestamp: 1 } }),
    errorCodes.badMessage,
    `meta.clientId: expected at most 128 characters, got "${"c".repeat(40)}"…`,
  ],
  [
    "no meta.timestamp",
    envelope("log", log, { meta: { clientId: "c" } }),
    errorCodes.badMessage,
    "meta.timestamp: expected Unix milliseconds, got nothing",
  ],
  [
    "sessionId 7",
    envelope("log", log, { meta: { ...meta, sessionId: 7 } }),
    errorCodes.badMessage,
    "meta.sessionId: expected a string, got 7",
  ],
  [
    "time as text",
    envelope("log", { ...log, timestamp: "now" }),
    errorCodes.badMessage,
    'payload.timestamp: expected Unix milliseconds, got "now"',
  ],
  [
    "time in nanoseconds",
    envelope("log", { ...log, timestamp: 1767225600000000000 }),
    errorCodes.badMessage,
    "payload.timestamp: expected Unix milliseconds, got 1767225600000000000",
  ],
  [
    "severity 25",
    envelope("log", { ...log, severityNumber: 25 }),
    errorCodes.badMessage,
    "payload.severityNumber: expected an integer from 0 to 24, got 25",
  ],
  [
    "severity 9.5",
    envelope("log", { ...log, severityNumber: 9.5 }),
    errorCodes.badMessage,
    "payload.severityNumber: expected an integer from 0 to 24, got 9.5",
  ],
  [
    "no severityText",
    envelope("log", { ...log, severityText: undefined }),
    errorCodes.badMessage,
    "payload.severityText: expected a string, got nothing",
  ],
  [
    "attributes as a list",
    envelope("log", { ...log, attributes: [1] }),
    errorCodes.badMessage,
    "payload.attributes: expected an object, got an array of 1",
  ],
  [
    "129 attributes",
    envelope("log", { ...log, attributes: Object.fromEntries(Array.from({ length: 129 }, (_, i) => [i, i])) }),
    errorCodes.tooManyAttributes,
    "payload.attributes: expected at most 128 attributes, got more",
  ],
  [
    "a deep body",
    envelope("log", { ...log, body: nested(31) }),
    errorCodes.tooDeep,
    "payload.body: expected at most 30 levels of objects and arrays, got more",
  ],
  [
    "a very deep body",
    `{"protocol":"devmux-telemetry","version":1,"type":"log","meta":{"clientId":"c","timestamp":1},"payload":{"timestamp":1,"severityNumber":9,"severityText":"log","body":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`,
    errorCodes.tooDeep,
    "payload.body: expected at most 30 levels of objects and arrays, got more",
  ],
  [
    "a deep attribute",
    envelope("log", { ...log, attributes: { ok: 1, bad: nested(31) } }),
    errorCodes.tooDeep,
    'payload.attributes["bad"]: expected at most 30 levels of objects and arrays, got more',
  ],
  [
    "source as text",
    envelope("log", { ...log, source: "a.ts" }),
    errorCodes.badMessage,
    'payload.source: expected an object, got "a.ts"',
  ],
  [
    "line as text",
    envelope("log", { ...log, source: { line: "4" } }),
    errorCodes.badMessage,
    'payload.source.line: expected an integer from 0, got "4"',
  ],
  [
    "column -1",
    envelope("log", { ...log, source: { column: -1 } }),
    errorCodes.badMessage,
    "payload.source.column: expected an integer from 0, got -1",
  ],
  [
    "no exception.message",
    envelope("log", { ...log, exception: { type: "E" } }),
    errorCodes.badMessage,
    "payload.exception.message: expected a string, got nothing",
  ],
  [
    "isUnhandled 1",
    envelope("log", { ...log, exception: { type: "E", message: "m", isUnhandled: 1 } }),
    errorCodes.badMessage,
    "payload.exception.isUnhandled: expected a boolean, got 1",
  ],
  [
    "no sequence",
    envelope("export", { request: {} }),
    errorCodes.badMessage,
    "payload.sequence: expected an integer from 1 to 4294967295, got nothing",
  ],
  [
    "request as text",
    envelope("export", { sequence: 4, request: "{}" }),
    errorCodes.badMessage,
    'payload.request: expected an OTLP/JSON ExportLogsServiceRequest, got "{}"',
  ],
  [
    "no service.name",
    envelope("hello", { ...hello, resource: {} }),
    errorCodes.badMessage,
    'payload.resource["service.name"]: expected a non-empty string, got nothing',
  ],
  [
    "platform Windows",
    envelope("hello", { ...hello, platform: { kind: "windows" } }),
    errorCodes.badMessage,
    'payload.platform.kind: expected "browser", "react-native", "expo" or "node", got "windows"',
  ],
  [
    "os 5",
    envelope("hello", { ...hello, platform: { kind: "node", os: 5 } }),
    errorCodes.badMessage,
    "payload.platform.os: expected a string, got 5",
  ],
  [
    "a deep resource",
    envelope("hello", { ...hello, resource: { "service.name": "s", a: nested(31) } }),
    errorCodes.tooDeep,
    'payload.resource["a"]: expected at most 30 levels of objects and arrays, got more',
  ],
  [
    "token {}",
    envelope("hello", { ...hello, token: {} }),
    errorCodes.badMessage,
    "payload.token: expected a string, got an object",
  ],
  [
    "reason []",
    envelope("goodbye", { reason: [] }),
    errorCodes.badMessage,
    "payload.reason: expected a string, got an array of 0",
  ],
])("refuses %s", (_, message, code, error) => {
  expect(refusal(message)).toMatchObject({ code, error });
});

test("the error of a broken export names its sequence", () => {
  expect(refusal(envelope("export", { sequence: 4, request: [] }))).toMatchObject({ sequence: 4 });
});

test("a text that is too long is not parsed", () => {
  const text = `"${"x".repeat(defaultLimits.maxTextLength)}"`;
  expect(refusal(text)).toEqual({
    code: errorCodes.tooLarge,
    error: "message: expected at most 1048576 characters, got 1048578; send less at once",
  });
});

test("no input throws, and an error is short", () => {
  const part = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.constant(log), fc.constant(hello));
  const message = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .tuple(fc.constantFrom("log", "hello", "export", "goodbye", "x"), part, fc.oneof(fc.constant(meta), part))
      .map(([type, payload, itsMeta]) => JSON.stringify(envelope(type, payload, { meta: itsMeta }))),
    fc.anything(),
  );
  fc.assert(
    fc.property(message, (input) => {
      const result = parseClientMessage(input);
      if (!result.ok) {
        expect(Object.values(errorCodes)).toContain(result.error.code);
        expect(result.error.error.length).toBeLessThan(300);
      }
    }),
    { numRuns: 2_000 },
  );
});
