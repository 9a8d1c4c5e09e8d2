import { type AnyMap, type LogRecordInit, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { expect, test } from "vitest";
import { EditableRecord, EditableResource } from "./editable.ts";
import { EvaluationError } from "./errors.ts";
import { compileRecordStatement, compileResourceStatement, contextOfStatement } from "./statement.ts";

function editable(init: LogRecordInit): EditableRecord {
  const builder = new LogsBuilder({ "service.name": "shop" }, { name: "s" });
  builder.add(init);
  return new EditableRecord([...builder.build().records()][0]!);
}

function run(source: string, on: EditableRecord): EditableRecord {
  compileRecordStatement(source).run(on);
  return on;
}

const attributesAfter = (source: string, attributes: AnyMap) => ({
  ...run(source, editable({ attributes })).attributes(),
});
const bodyAfter = (source: string, init: LogRecordInit) => run(source, editable(init)).body;

test.each<[string, AnyMap, AnyMap]>([
  ['set(attributes["a"], 1)', {}, { a: 1 }],
  ['set(attributes["a"], body)', { a: 1 }, { a: 1 }],
  ['set(attributes["a"]["b"]["c"], 1)', {}, { a: { b: { c: 1 } } }],
  ['set(attributes["a"]["b"], 2)', { a: { b: 1, c: 3 } }, { a: { b: 2, c: 3 } }],
  ['set(attributes["l"][1], "x")', { l: [1, 2] }, { l: [1, "x"] }],
  ['set(attributes, {"only": attributes["a"]})', { a: 1, b: 2 }, { only: 1 }],
  ['set(attributes["a"], 1) where attributes["b"] == 2', { b: 1 }, { b: 1 }],
  ['set(attributes["a"], 1) where attributes["b"] == 2', { b: 2 }, { b: 2, a: 1 }],
  ['set(attributes["service"], resource.attributes["service.name"])', {}, { service: "shop" }],
  ['delete_key(attributes, "a")', { a: 1, b: 2 }, { b: 2 }],
  ['delete_key(attributes, "x")', { a: 1 }, { a: 1 }],
  ['delete_key(attributes["a"], "b")', { a: { b: 1, c: 2 } }, { a: { c: 2 } }],
  ['delete_key(attributes["x"], "b")', { a: 1 }, { a: 1 }],
  ['delete_keys(attributes, ["a", "b"])', { a: 1, b: 2, c: 3 }, { c: 3 }],
  ['delete_matching_keys(attributes, "^http[.]")', { "http.url": 1, http: 2 }, { http: 2 }],
  ['keep_keys(attributes, ["a", "x"])', { a: 1, b: 2 }, { a: 1 }],
  ['keep_matching_keys(attributes, "^http[.]")', { "http.url": 1, http: 2 }, { "http.url": 1 }],
  ['limit(attributes, 2, ["c"])', { a: 1, b: 2, c: 3 }, { a: 1, c: 3 }],
  ['limit(attributes, 1, ["c", "b"])', { a: 1, b: 2, c: 3 }, { c: 3 }],
  ["limit(attributes, 9)", { a: 1 }, { a: 1 }],
  ["truncate_all(attributes, 3)", { a: "12345", b: 12345, c: ["12345"] }, { a: "123", b: 12345, c: ["12345"] }],
  ["truncate_all(attributes, 2)", { a: "a😀b" }, { a: "a" }],
  ['merge_maps(attributes, ParseJSON("{\\"a\\": 9, \\"b\\": 2}"), "upsert")', { a: 1 }, { a: 9, b: 2 }],
  ['merge_maps(attributes, {"a": 9, "b": 2}, "insert")', { a: 1 }, { a: 1, b: 2 }],
  ['merge_maps(attributes, {"a": 9, "b": 2}, "update")', { a: 1 }, { a: 9 }],
  ['merge_maps(attributes["m"], {"a": 9}, "upsert")', {}, { m: { a: 9 } }],
  [
    'replace_pattern(attributes["a"], "(\\w+)@(\\w+)", "$2 at ${1}, $$1, $0")',
    { a: "x me@home y" },
    { a: "x home at me, $1, me@home y" },
  ],
  ['replace_pattern(attributes["a"], "b", "c")', { a: 5 }, { a: 5 }],
  ['replace_pattern(attributes["a"], "(?P<n>\\d)", "<$n>")', { a: "1 2" }, { a: "<1> <2>" }],
  ['replace_all_patterns(attributes, "value", "\\d", "#")', { a: "1", b: 1, c: ["1"] }, { a: "#", b: 1, c: ["1"] }],
  ['replace_all_patterns(attributes, "key", "[.]", "_")', { "a.b": 1 }, { a_b: 1 }],
])("%s", (source, before, after) => {
  expect(attributesAfter(source, before)).toEqual(after);
});

test.each<[string, LogRecordInit, unknown]>([
  ["set(body, ParseJSON(body))", { body: '{"a": [1, null]}' }, { a: [1, null] }],
  ['set(body["a"], 1)', {}, { a: 1 }],
  ['set(body["a"], Concat([body["a"], "!"]))', { body: { a: "x", b: 1 } }, { a: "x!", b: 1 }],
  ["set(body, nil)", { body: "kept" }, "kept"],
  ["truncate_all(body, 2)", { body: "12345" }, "12"],
  ['replace_pattern(body, "\\d+", "#")', { body: "a1b22" }, "a#b#"],
])("body: %s", (source, init, after) => {
  expect(bodyAfter(source, init)).toEqual(after);
});

test("fields of the record", () => {
  const on = editable({ severityNumber: 9, body: "x" });
  run("set(severity_number, SEVERITY_NUMBER_WARN)", on);
  run('set(severity_text, "warn") where severity_number == 13', on);
  run('set(event_name, "renamed")', on);
  expect(on.edit()).toEqual({ severityNumber: 13, severityText: "warn", eventName: "renamed" });
});

test("edit says nothing where nothing was set", () => {
  const on = editable({ attributes: { a: 1 } });
  run('delete_key(attributes, "x")', on);
  run("truncate_all(attributes, 10)", on);
  run('keep_keys(attributes, ["a"])', on);
  run('set(attributes["b"], nil)', on);
  expect(on.edit()).toBeUndefined();
});

test.each([
  ["set(severity_number, 25)", "expected a whole number from 0 to 24 for severity_number"],
  ["set(severity_text, 1)", "expected a string for severity_text, got int"],
  ['set(body["a"], 1)', "expected a map at body, got string"],
  ['set(attributes["a"][0], 1)', 'expected a list at attributes["a"], got nil'],
  ['merge_maps(attributes, body, "insert")', "expected a map at the second argument of merge_maps, got string"],
  ["set(attributes, body)", "expected a map at attributes, got string"],
  ['keep_keys(body, ["a"])', "expected a map at body, got string"],
])("%s fails and changes nothing", (source, message) => {
  const on = editable({ body: "text" });
  expect(() => run(source, on)).toThrow(new EvaluationError(message));
  expect(on.edit()).toBeUndefined();
});

test("values that no batch could hold are refused", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 27; level++) deep = [deep];
  const on = editable({ attributes: { deep: deep as AnyMap } });
  expect(() => run('set(attributes["x"], [[[attributes["deep"]]]])', on)).toThrow(/at most 28 lists and maps/);
});

test("a text cannot be doubled without end", () => {
  const on = editable({ body: "x".repeat(400_000) });
  expect(() => run("set(body, Concat([body, body, body]))", on)).toThrow(/at most 1048576 characters/);
});

test("a resource is changed through its own paths", () => {
  const builder = new LogsBuilder({ "service.name": "shop", host: "h" });
  builder.add({ body: "x" });
  const resource = new EditableResource([...builder.build().records()][0]!.resource);
  compileResourceStatement('set(resource.attributes["env"], "dev") where stream == "otlp:shop"').run(resource);
  compileResourceStatement('delete_key(attributes, "host")').run(resource);
  expect({ ...resource.edit() }).toEqual({ env: "dev", host: undefined });
});

test("the target says what a statement runs over", () => {
  expect(contextOfStatement('set(resource.attributes["a"], 1)')).toBe("resource");
  expect(contextOfStatement('set(attributes["a"], resource.attributes["b"])')).toBe("log");
});
