import { expect, test } from "vitest";
import { readOptions } from "./options.ts";
import { readScribeOptions } from "./scribe-options.ts";

test("nothing said is the defaults", () => {
  for (const options of [undefined, null, {}, 5, "text"]) {
    expect(readOptions(options)).toMatchObject({
      serverUrl: "ws://127.0.0.1:9876",
      captureErrors: true,
      processors: [],
      buffer: { maxRecords: 5_000, maxBytes: 8 * 1024 * 1024 },
      problems: [],
    });
    expect(readScribeOptions(options, [])).toMatchObject({
      limits: { depth: 6, items: 100, nodes: 1_000, stringLength: 8_192, recordLength: 65_536 },
      rate: { identical: 10, sustained: 200 },
    });
  }
  expect(readOptions({}).consoleMethods).toHaveLength(19);
});

test.each([
  ["ws://10.0.0.2:9876", "ws://10.0.0.2:9876"],
  ["wss://a.b/", "wss://a.b/"],
  ["http://127.0.0.1:9876", "ws://127.0.0.1:9876"],
  ["https://a.b", "wss://a.b"],
  ["192.168.1.100:9876", "ws://192.168.1.100:9876"],
])("serverUrl %s is %s", (given, expected) => {
  expect(readOptions({ serverUrl: given }).serverUrl).toBe(expected);
});

test("what is of a wrong type counts as not said, and is told", () => {
  const given = {
    serverUrl: 5,
    serviceName: {},
    captureErrors: "no",
    limits: { depth: "deep", items: 7 },
    buffer: "large",
    processors: 1,
    unknown: true,
    rate: 9,
    minSeverity: "loud",
  };
  const settings = readOptions(given);
  const { limits, rate } = readScribeOptions(given, settings.problems);
  expect(settings).toMatchObject({
    serverUrl: "ws://127.0.0.1:9876",
    serviceName: "",
    captureErrors: true,
    buffer: { maxRecords: 5_000 },
    processors: [],
  });
  expect(limits).toMatchObject({ depth: 6, items: 7 });
  expect(rate.identical).toBe(10);
  expect(settings.problems).toEqual([
    "serverUrl: expected a string, got a number",
    "serviceName: expected a string, got a object",
    "captureErrors: expected a boolean, got a string",
    "processors: expected a object, got a number",
    "buffer: expected a object, got a string",
    "minSeverity: loud is none",
    "rate: expected a object, got a number",
    "depth: expected a number, got a string",
  ]);
});

test("console methods can be chosen", () => {
  expect(readOptions({ captureConsole: false }).consoleMethods).toEqual([]);
  expect(readOptions({ captureConsole: ["error", "warn", "nonsense"] }).consoleMethods).toEqual(["warn", "error"]);
});
