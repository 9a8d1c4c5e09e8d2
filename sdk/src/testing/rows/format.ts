// Rows 1 to 13: format strings and values that are no objects.

import { Foo, log, type Row } from "./row.ts";

const named = { foo(): void {} }.foo;

export const formatRows: readonly Row[] = [
  log("1 printf", () => ["hello %s you are %d", "bob", 42, "extra"], "hello bob you are 42 extra"),
  {
    ...log("1 template and parameters", () => ["%s has %d", "bob", 3], /./),
    shows: ({ attributes }) =>
      JSON.stringify([attributes["devmux.console.template"], attributes["devmux.console.arguments"]]),
    expected: '["%s has %d",["bob",3]]',
  },
  log("2 css", () => ["%cstyled", "color:red", "tail"], "styled tail"),
  log("3 objects", () => ["o=%o O=%O j=%j", { a: 1 }, { b: 2 }, { c: 3 }], 'o={ a: 1 } O={ b: 2 } j={"c":3}'),
  log("4 one argument", () => ["100%% sure %s"], "100%% sure %s"),
  log("4 percent", () => ["100%% %s", "x"], "100% x"),
  log("5 %d", () => ["%d %d %d", Symbol("s"), 10n, { a: 1 }], "NaN 10n NaN"),
  log("5 %i %f", () => ["%i %f %i", "42.9px", "1.5em", "x"], "42 1.5 NaN"),
  log("6 too few", () => ["%s %s", "a"], "a %s"),
  log("7 nothing", () => [], ""),
  log(
    "8 primitives",
    () => [undefined, null, Number.NaN, -0, Number.POSITIVE_INFINITY, true],
    "undefined null NaN -0 Infinity true",
  ),
  log(
    "9 in an object",
    () => [{ a: undefined, b: Number.NaN, c: -0, d: Number.POSITIVE_INFINITY }],
    "{ a: undefined, b: NaN, c: -0, d: Infinity }",
  ),
  log("10 bigint", () => [10n, { n: 12n }, Object(1n)], "10n { n: 12n } [BigInt: 1n]"),
  log(
    "11 symbols",
    () => [Symbol("s"), { k: Symbol("v"), [Symbol("q")]: 1 }],
    "Symbol(s) { k: Symbol(v), [Symbol(q)]: 1 }",
  ),
  log(
    "12 functions",
    () => [named, Foo, { f: () => {} }, () => {}],
    "[Function: foo] [class Foo] { f: [Function: f] } [Function]",
    // Metro makes functions of classes.
    { onHermes: "[Function: foo] [Function: Foo] { f: [Function: f] } [Function]" },
  ),
  log(
    "13 dates",
    () => [new Date(0), new Date(Number.NaN), /a\/b/gi],
    "1970-01-01T00:00:00.000Z Invalid Date /a\\/b/gi",
  ),
];
