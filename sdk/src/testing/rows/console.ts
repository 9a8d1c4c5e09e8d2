// Rows 50 to 54: the methods of the console that mean something.

import type { Arrived, Row } from "./row.ts";
import { boom } from "./row.ts";

const said = ({ severityText, body }: Arrived): string => `${severityText} ${body}`;
const inLines = ({ body }: Arrived): string => String(body).replaceAll("\n", " / ");
const table = [
  { name: "ada", age: 36 },
  { name: "grace", age: 85 },
];

export const consoleRows: readonly Row[] = [
  {
    name: "50 assert",
    calls: () => [
      ["assert", true, "never"],
      ["assert", false],
      ["assert", false, "%s", "x"],
      ["assert", 0, { a: 1 }],
    ],
    shows: said,
    expected: "error Assertion failed ⏎ error Assertion failed: x ⏎ error Assertion failed { a: 1 }",
  },
  {
    name: "51 table",
    calls: () => [
      ["table", table],
      ["table", table, ["age"]],
      ["table", "no table", ["age"]],
    ],
    shows: inLines,
    expected:
      "(index) │ name  │ age / ────────┼───────┼──── / 0       │ ada   │ 36  / 1       │ grace │ 85  ⏎ (index) │ age / ────────┼──── / 0       │ 36  / 1       │ 85  ⏎ no table",
  },
  {
    name: "51 table and its arguments",
    calls: () => [["table", table, ["age"]]],
    shows: ({ attributes }) => JSON.stringify(attributes["devmux.console.arguments"]),
    expected: '[[{"name":"ada","age":36},{"name":"grace","age":85}],["age"]]',
  },
  {
    name: "51 table of anything",
    calls: () => [["table", { a: [1, { b: 2 }], c: "two\nlines", d: { toString: boom, 0: undefined } }]],
    shows: inLines,
    expected:
      "(index) │ 0           │ 1        │ Values    │ toString         / ────────┼─────────────┼──────────┼───────────┼───────────────── / a       │ 1           │ { b: 2 } │           │                  / c       │             │          │ two lines │                  / d       │ [undefined] │          │           │ [Function: boom]",
  },
  {
    name: "51 table of a million rows",
    calls: () => [["table", Array.from({ length: 1e6 }, (_, index) => index)]],
    shows: (record) => inLines(record).replace(/( \/ \d+ +│ \d+ *(?= \/))+/, " / rows"),
    expected: "(index) │ Values / ────────┼─────── / rows / … 999900 more",
  },
  {
    name: "51 table with hostile columns",
    calls: () => [["table", table, new Proxy([], { get: boom, ownKeys: boom })]],
    shows: inLines,
    expected: /^\(index\) │ /,
  },
  {
    name: "52 groups",
    calls: () => [
      ["group", "outer"],
      ["groupCollapsed", "inner"],
      ["log", "deep"],
      ...Array.from({ length: 1_000 }, () => ["groupEnd"] as const),
      ["log", "out"],
    ],
    shows: ({ body, attributes }) => `${body} at ${attributes["devmux.console.group_depth"] ?? 0}`,
    expected: "outer at 0 ⏎ inner at 1 ⏎ deep at 2 ⏎ out at 0",
  },
  {
    name: "53 counts",
    calls: () => [
      ["count", "x"],
      ["count", "x"],
      ["countReset", "x"],
      ["count", "x"],
      ["countReset", "unknown"],
      // For the next try.
      ["countReset", "x"],
    ],
    shows: said,
    expected: "log x: 1 ⏎ log x: 2 ⏎ log x: 1 ⏎ warn Count for 'unknown' does not exist",
  },
  {
    name: "53 timers",
    calls: () => [
      ["time", "t"],
      ["timeLog", "t", "so far"],
      ["timeEnd", "t"],
      ["timeEnd", "t"],
    ],
    shows: (record) => said(record).replace(/: [\d.]+ms/, ": …ms"),
    expected: "log t: …ms so far ⏎ log t: …ms ⏎ warn Timer 't' does not exist",
  },
  {
    name: "54 clear, dir, trace",
    calls: () => [["clear"], ["dir", { a: { b: { c: 1 } } }, { depth: 0 }], ["dirxml", "<a>", 1], ["trace", "here"]],
    shows: ({ body, attributes }) => `${body}${attributes["code.stacktrace"] ? " with its stack" : ""}`,
    expected: "console was cleared ⏎ { a: [Object] } ⏎ <a> 1 ⏎ here with its stack",
  },
];
