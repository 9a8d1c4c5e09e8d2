import { type AnyMap, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseWith } from "../../config/schema.ts";
import { EditableRecord } from "../../expression/index.ts";
import { applyActions } from "./apply.ts";
import { type Action, actionSchema } from "./config.ts";

const list = z.array(actionSchema);

function after(before: AnyMap, ...actions: object[]): AnyMap {
  const record = editable(before);
  applyActions(list.parse(actions) as readonly Action[], record);
  return { ...record.attributes() };
}

function editable(attributes: AnyMap): EditableRecord {
  const builder = new LogsBuilder({});
  builder.add({ attributes });
  return new EditableRecord([...builder.build().records()][0]!);
}

test.each<[string, AnyMap, object, AnyMap]>([
  ["insert adds", {}, { action: "insert", key: "a", value: 1 }, { a: 1 }],
  ["insert leaves what is there", { a: 2 }, { action: "insert", key: "a", value: 1 }, { a: 2 }],
  ["update changes", { a: 2 }, { action: "update", key: "a", value: [1, { b: true }] }, { a: [1, { b: true }] }],
  ["update adds nothing", {}, { action: "update", key: "a", value: 1 }, {}],
  ["upsert does both", { a: 2 }, { action: "upsert", key: "a", value: "x" }, { a: "x" }],
  ["from another attribute", { a: 2 }, { action: "upsert", key: "b", from_attribute: "a" }, { a: 2, b: 2 }],
  ["from one that is not there", {}, { action: "upsert", key: "b", from_attribute: "a" }, {}],
  ["delete by key", { a: 1, b: 2 }, { action: "delete", key: "a" }, { b: 2 }],
  ["delete by pattern", { "x.a": 1, "x.b": 2, y: 3 }, { action: "delete", pattern: "^x[.]" }, { y: 3 }],
  [
    "hash",
    { a: "a" },
    { action: "hash", key: "a" },
    { a: "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb" },
  ],
  ["hash of what is not there", {}, { action: "hash", key: "a" }, {}],
  [
    "extract",
    { a: "GET /x" },
    { action: "extract", key: "a", pattern: "(?P<verb>\\w+) (?P<path>\\S+)" },
    { a: "GET /x", verb: "GET", path: "/x" },
  ],
  ["extract without a match", { a: "-" }, { action: "extract", key: "a", pattern: "(?P<verb>[A-Z]+)" }, { a: "-" }],
  ["convert to int", { a: "42" }, { action: "convert", key: "a", converted_type: "int" }, { a: 42 }],
  ["convert to double", { a: "4.5" }, { action: "convert", key: "a", converted_type: "double" }, { a: 4.5 }],
  ["convert to string", { a: { b: 1 } }, { action: "convert", key: "a", converted_type: "string" }, { a: '{"b":1}' }],
  ["convert to boolean", { a: "true" }, { action: "convert", key: "a", converted_type: "boolean" }, { a: true }],
  ["convert what cannot be", { a: "x" }, { action: "convert", key: "a", converted_type: "int" }, { a: "x" }],
])("%s", (_what, before, action, expected) => {
  expect(after(before, action)).toEqual(expected);
});

test("each runs over what the one before left", () => {
  const moved = after(
    { old: 1 },
    { action: "insert", key: "new", from_attribute: "old" },
    { action: "delete", key: "old" },
  );
  expect(moved).toEqual({ new: 1 });
});

test("what changes nothing leaves the record as it is", () => {
  const record = editable({ a: 1 });
  const actions = [
    { action: "upsert", key: "a", value: 1 },
    { action: "delete", key: "x" },
    { action: "convert", key: "a", converted_type: "int" },
  ];
  applyActions(list.parse(actions) as readonly Action[], record);
  expect(record.edit()).toBeUndefined();
});

describe("what is wrong is said", () => {
  test.each([
    [{ action: "insert", key: "a" }, "the action insert takes key, one of value and from_attribute; got key"],
    [
      { action: "upsert", key: "a", value: 1, from_attribute: "b" },
      "the action upsert takes key, one of value and from_attribute; got key, value, from_attribute",
    ],
    [{ action: "delete" }, "the action delete takes one of key and pattern; got none of them"],
    [{ action: "delete", key: "a", value: 1 }, "the action delete takes one of key and pattern; got key, value"],
    [{ action: "convert", key: "a" }, "the action convert takes key, converted_type; got key"],
  ])("%o", (action, message) => {
    const parsed = parseWith(list, [action], "actions");
    expect(parsed).toEqual({ ok: false, problems: [{ path: "actions[0]", message }] });
  });

  test("a pattern", () => {
    const parsed = parseWith(list, [{ action: "delete", pattern: "(" }], "actions");
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: "actions[0].pattern" }] });
  });

  test("an unknown key, with the nearest", () => {
    const parsed = parseWith(list, [{ action: "delete", kee: "a" }], "actions");
    expect(parsed).toEqual({
      ok: false,
      problems: [{ path: "actions[0].kee", message: 'unknown key "kee"; did you mean "key"?' }],
    });
  });
});
