// Rows 38 to 44: errors, as arguments.

import { type Arrived, boom, flat, log, type Row } from "./row.ts";

/** The body, and what of the stack is no frame: the heads of the error and of its causes. */
function heads({ body, attributes }: Arrived): string {
  const lines = String(attributes["exception.stacktrace"] ?? "").split("\n");
  // Frames as V8, Hermes and Gecko write them.
  const said = lines.filter((line) => line !== "" && !/^\s*at |@.*:\d+:\d+$/.test(line));
  return `${body} (${attributes["exception.type"]}: ${said.join("; ")})`;
}

function chain(length: number): Error {
  let error = new Error(`cause ${length}`);
  for (let index = length - 1; index > 0; index--) error = Object.assign(new Error(`cause ${index}`), { cause: error });
  return error;
}
function ownCause(): Error {
  const error = new Error("own");
  return Object.assign(error, { cause: error });
}
function aggregate(length: number): Error {
  const errors = Array.from({ length }, (_, index) => new RangeError(`part ${index}`));
  const { AggregateError: Made } = globalThis as Partial<typeof globalThis>;
  // As the polyfills make it.
  return Made ? new Made(errors, "all") : Object.assign(new Error("all"), { name: "AggregateError", errors });
}
const hex = flat("ab01".repeat(250_000));
const withStack = (message: string, stack: string): Error =>
  Object.defineProperty(new Error(message), "stack", { value: flat(stack) });

export const errorRows: readonly Row[] = [
  log("38 error", () => [new TypeError("bad")], "TypeError: bad (TypeError: TypeError: bad)", { shows: heads }),
  log(
    "39 three causes",
    () => [chain(3)],
    /^Error: cause 1 .*\(Error: Error: cause 1; Caused by: Error: cause 2; Caused by: Error: cause 3\)$/,
    { shows: heads },
  ),
  log("39 a thousand causes", () => [chain(1_000)], /Caused by: Error: cause 11; … 989 more\)$/, { shows: heads }),
  log("39 its own cause", () => [ownCause()], /Caused by: \[Circular\]\)$/, { shows: heads }),
  log(
    "40 two errors in one",
    () => [aggregate(2)],
    /Error 1 of 2: RangeError: part 0; Error 2 of 2: RangeError: part 1/,
    {
      shows: heads,
    },
  ),
  log("40 10,000 errors in one", () => [aggregate(10_000)], /Error 10 of 10000: RangeError: part 9/, {
    shows: heads,
    // Its frames have longer names, and a record has room for two of such stacks.
    onHermes: /Error 2 of 10000: RangeError: part 1/,
  }),
  log(
    "40 a polyfill's",
    () => [Object.assign(new Error("all"), { name: "AggregateError", errors: [new Error("one")] })],
    /\(AggregateError: .*Error 1 of 1: Error: one/,
    { shows: heads },
  ),
  log(
    "41 own properties",
    () => [Object.assign(new Error("e"), { code: "ENOENT", status: 404 })],
    "Error: e { code: 'ENOENT', status: 404 } (Error: Error: e)",
    { shows: heads },
  ),
  log(
    "42 nested error",
    () => [{ err: new RangeError("r"), list: [new Error("x")] }],
    "{ err: [RangeError: r], list: [[Error: x]] }",
  ),
  log("42 second argument", () => ["failed", new RangeError("r")], "failed RangeError: r (RangeError: RangeError: r)", {
    shows: heads,
  }),
  log("43 hostile error", () => [Object.defineProperty(new Error("e"), "stack", { get: boom })], "Error: e"),
  log("43 error of odd parts", () => [Object.assign(new Error("e"), { name: 5, message: Symbol("m") })], /^Error/),
  log(
    "44 200,000 lines of stack",
    () => [withStack("long", `Error: long\n${"    at f (http://a.example/app.js:1:2)\n".repeat(200_000)}`)],
    "Error: long, 50 frames",
    {
      shows: ({ body, attributes }) =>
        `${body}, ${String(attributes["exception.stacktrace"]).split("\n").length - 1} frames`,
    },
  ),
  log("44 a megabyte of hex", () => [new Error(hex)], /^Error: (ab01){2048}… \(\+991808 chars\), with frames$/, {
    shows: ({ body, attributes }) => {
      const frames = /(^\s*at .*|@.*):\d+:\d+\)?$/m.test(String(attributes["exception.stacktrace"]));
      return `${body}, ${frames ? "with" : "without"} frames`;
    },
    // Frames of long names make the record too long, and it loses the ends of its texts.
    onHermes: /^Error: (ab01)+/,
    // It puts the message and the frames together.
    engineCost: () => flat(new Error(hex).stack ?? ""),
  }),
  log("44 a line of a megabyte", () => [withStack("x", `Error: x\n    at ${"a".repeat(1_000_000)}`)], "Error: x"),
];
