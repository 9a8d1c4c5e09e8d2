import { type LogRecord, type LogRecordInit, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { expect, test } from "vitest";
import { compileCondition } from "./condition.ts";
import { EvaluationError } from "./errors.ts";

function record(init: LogRecordInit = {}): LogRecord {
  const builder = new LogsBuilder(
    {
      "service.name": "shop",
      "devmux.platform": "browser",
      "url.full": "http://localhost:3000/",
      deep: { list: [1, "two"] },
    },
    { name: "devmux.log", version: "1.2.3" },
  );
  builder.add({
    timeMs: 1_700_000_000_000,
    severityNumber: 17,
    severityText: "error",
    eventName: "exception",
    body: { user: { name: "Ada" }, items: [1, 2.5, "three"], empty: null },
    traceId: "0102030405060708090a0b0c0d0e0f10",
    spanId: "0102030405060708",
    flags: 1,
    attributes: {
      status: 503,
      ratio: 0.5,
      ok: true,
      method: "GET",
      big: 9007199254740993n,
      raw: Uint8Array.of(1, 2),
      "log.record.uid": "a-1",
    },
    ...init,
  });
  return [...builder.build().records()][0]!;
}

const holds = (source: string, on = record()) => compileCondition(source).matches(on);

test.each([
  // paths
  "severity_number == 17",
  "severity_number >= SEVERITY_NUMBER_ERROR",
  "severity_number < SEVERITY_NUMBER_FATAL4",
  'severity_text == "error"',
  'event_name == "exception"',
  'log.event_name == "exception"',
  'scope.name == "devmux.log" and scope.version == "1.2.3"',
  'instrumentation_scope.name == "devmux.log"',
  'resource.attributes["service.name"] == "shop"',
  'resource.attributes["deep"]["list"][1] == "two"',
  'stream == "browser:localhost-3000"',
  'trace_id == "0102030405060708090a0b0c0d0e0f10"',
  'span_id.string == "0102030405060708"',
  "flags == 1",
  "time_unix_nano == 1700000000000000000",
  "observed_time_unix_nano == 0",
  "dropped_attributes_count == 0",
  'body["user"]["name"] == "Ada"',
  'body["items"][1] == 2.5',
  'attributes["log.record.uid"] == "a-1"',
  "attributes['method'] == 'GET'",
  // nil
  'attributes["nothing"] == nil',
  'attributes["status"] != nil',
  'body["empty"] == nil',
  'body["user"]["name"]["deeper"] == nil',
  'body["items"][9] == nil',
  'attributes["nothing"]["deeper"] == nil',
  // numbers
  'attributes["status"] >= 500 and attributes["status"] < 600',
  'attributes["ratio"] == 0.5',
  'attributes["ratio"] > -1',
  'attributes["big"] == 9007199254740993',
  'attributes["big"] > 9007199254740992',
  'attributes["status"] == 503.0',
  'attributes["status"] == 5.03e2',
  // texts
  '"a" < "b"',
  'attributes["method"] != "POST"',
  '"\\u0041\\x42\\n" == "AB\n"',
  // types do not mix
  'attributes["status"] != "503"',
  'not (attributes["method"] > 1)',
  'not (attributes["method"] <= 1)',
  "not (nil < 1)",
  'attributes["ok"] == true',
  // deep equality
  'body["items"] == [1, 2.5, "three"]',
  'body["user"] == {"name": "Ada"}',
  'body["user"] != {"name": "Ada", "x": nil}',
  // logic
  "true",
  "not false",
  "not not true",
  "false or true and true",
  "true or true and false",
  "not (true and false)",
  "(true or false) and not false",
  // functions
  'IsMatch(attributes["method"], "^(GET|HEAD)$")',
  'IsMatch(attributes["status"], "^5\\d\\d$")',
  'not IsMatch(body, "x")',
  'HasPrefix(attributes["method"], "GE")',
  'HasSuffix(severity_text, "ror")',
  'not HasSuffix(attributes["status"], "3")',
  'Contains(severity_text, "rro")',
  'Contains(body["items"], "three")',
  'not Contains(body["items"], "3")',
  'IsString(severity_text) and not IsString(attributes["status"])',
  'IsInt(attributes["status"]) and IsInt(attributes["big"]) and not IsInt(attributes["ratio"])',
  'IsDouble(attributes["ratio"])',
  'IsNumber(attributes["ratio"]) and IsNumber(attributes["big"])',
  'IsBool(attributes["ok"])',
  'IsBytes(attributes["raw"])',
  'IsMap(body) and IsMap(attributes) and IsList(body["items"])',
  'Len(severity_text) == 5 and Len(body["items"]) == 3 and Len(body) == 3 and Len(attributes["raw"]) == 2',
  'Len(attributes["nothing"]) == nil',
  'Int("42") == 42 and Int(" 42") == nil and Int(2.9) == 2 and Int(true) == 1',
  'Int("9007199254740993") == 9007199254740993',
  'Double("2.5") == 2.5 and Double("x") == nil and Double("") == nil',
  'Bool("TRUE") == true and Bool("0") == false and Bool("x") == nil',
  'String(503) == "503" and String(true) == "true" and String(nil) == nil',
  'String(body["user"]) == "{\\"name\\":\\"Ada\\"}"',
  'Concat([severity_text, attributes["status"], nil], "-") == "error-503-"',
  'Concat(["a", "b"]) == "ab"',
  'ToUpperCase(severity_text) == "ERROR" and ToLowerCase(attributes["method"]) == "get"',
  'Trim(" a ") == "a"',
  'Substring("abcdef", 2, 3) == "cde" and Substring("abc", 5, 1) == ""',
  'Split("a,b,c", ",")[1] == "b"',
  'ParseJSON("{\\"a\\": [1, {\\"b\\": true}]}")["a"][1]["b"] == true',
  'ExtractPatterns("GET /cart", "(?P<verb>[A-Z]+) (?P<path>.+)")["path"] == "/cart"',
  'SHA256("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"',
])("holds: %s", (source) => {
  expect(holds(source)).toBe(true);
});

test("keys with names of Object.prototype are keys like any other", () => {
  const on = record({ attributes: { __proto__x: 1, constructor: "c" }, body: { toString: "mine" } });
  expect(holds('attributes["constructor"] == "c"', on)).toBe(true);
  expect(holds('body["toString"] == "mine"', on)).toBe(true);
  expect(holds('body["constructor"] == nil and body["__proto__"] == nil and body["hasOwnProperty"] == nil', on)).toBe(
    true,
  );
});

test("knows whether it asks for the resource alone", () => {
  expect(compileCondition('stream == "a" or resource.attributes["x"] == "y"').ofResource).toBe(true);
  expect(compileCondition('stream == "a" or body == "y"').ofResource).toBe(false);
  expect(compileCondition('scope.name == "a"').ofResource).toBe(false);
});

test("what cannot be applied to a record throws an EvaluationError that holds nothing of the record", () => {
  const on = record({ body: "secret text" });
  expect(() => holds('ParseJSON(body)["a"] == 1', on)).toThrow(EvaluationError);
  expect(() => holds('ParseJSON(body)["a"] == 1', on)).toThrow(/^ParseJSON: the string is no JSON$/);
});

test("JSON that no record could hold is refused, however deep", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  expect(() => holds("ParseJSON(body) == nil", record({ body: deep }))).toThrow(/at most 26 lists and maps/);
  const wide = JSON.stringify(new Array(9_000).fill(0));
  expect(() => holds("ParseJSON(body) == nil", record({ body: wide }))).toThrow(/at most 8000 values/);
  expect(() => holds("ParseJSON(body) == nil", record({ body: "0".repeat(300_000) }))).toThrow(
    /at most 262144 characters/,
  );
});
