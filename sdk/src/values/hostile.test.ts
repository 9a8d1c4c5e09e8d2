// The rows of the survival table that are values, on their own: no throw, plain JSON, bounded. The whole law, and what a
// call costs, is held through the client in sdk/test/survival.

import { expect, test } from "vitest";
import { rows } from "../testing/rows/rows.ts";
import { formatArguments } from "./format.ts";
import { defaultLimits } from "./limits.ts";

const values = rows.filter(({ needs = [], shows }) => shows === undefined && needs.every((name) => name in globalThis));
const cases = values.flatMap(({ name, calls, expected }) => calls().map((call) => ({ name, call, expected })));

test.each(cases.filter(({ call }) => call[0] === "log"))("$name", ({ call: [, ...args], expected }) => {
  const { error: _error, text, ...rest } = formatArguments(args, defaultLimits);
  const data = { text: text.replace(/[\ud800-\udfff]/g, "\ufffd"), ...rest };
  if (typeof expected === "string") expect(data.text).toBe(expected);
  else expect(data.text).toMatch(expected);
  const json = JSON.stringify(data);
  expect(JSON.parse(json)).toEqual(data);
  expect(json.length).toBeLessThan(defaultLimits.recordLength);
});

test("no prototype is polluted and no property of the app is changed", () => {
  const hostile = JSON.parse('{"__proto__":{"polluted":1}}');
  const { values } = formatArguments([hostile], defaultLimits);
  expect(Object.keys(values?.[0] as object)).toEqual(["__proto__"]);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test("template and arguments are kept beside the text", () => {
  expect(formatArguments(["%s has %d", "bob", 3, { a: undefined }], defaultLimits)).toEqual({
    text: "bob has 3 { a: undefined }",
    template: "%s has %d",
    values: ["bob", 3, { a: "[undefined]" }],
  });
  expect(formatArguments(["plain", "text"], defaultLimits)).toEqual({ text: "plain text" });
});

test("what JSON lacks is told from the text that looks like it", () => {
  const { values } = formatArguments([undefined, "undefined", Number.NaN, 1n, null], defaultLimits);
  expect(values).toEqual(["[undefined]", "undefined", "[NaN]", "1n", null]);
});

test("the value is that of the call", () => {
  const state = { n: 1 };
  const { values } = formatArguments([state], defaultLimits);
  state.n = 2;
  expect(values).toEqual([{ n: 1 }]);
});

test("a getter runs once, and its logging is nobody's business here", () => {
  let runs = 0;
  const object = {
    get value() {
      return ++runs;
    },
  };
  expect(formatArguments([object], defaultLimits).text).toBe("{ value: 1 }");
  expect(runs).toBe(1);
});

test("limits are the app's to set", () => {
  const limits = { ...defaultLimits, depth: 1, items: 2, stringLength: 3 };
  expect(formatArguments([{ a: { b: 1 }, c: [1], d: 1 }, "abcdef"], limits).text).toBe(
    "{ a: [Object], c: [Array(1)], … 1 more } abc… (+3 chars)",
  );
});
