import { describe, expect, it } from "vitest";
import { batchOf } from "../../test/records.ts";
import { createRecordFormat, type FormatOptions } from "./format.ts";

const options: FormatOptions = { color: false, maxLineChars: 8192, maxRecordLines: 1000, maxStackFrames: 1000 };

function format(record: Parameters<typeof batchOf>[1][number], changed: Partial<FormatOptions> = {}): string {
  const [view] = [...batchOf("node:app", [record]).records()];
  return createRecordFormat({ ...options, ...changed })(view!, view!.attributes());
}

const source = {
  "code.file.path": "http://localhost:5173/src/app.ts?t=1763",
  "code.line.number": 10,
  "code.column.number": 5,
};

describe("a record as lines", () => {
  it("has time, severity, source and text", () => {
    expect(format({ body: "hello", severityNumber: 13, attributes: source })).toBe(
      "12:34:56.789 WARN  src/app.ts:10:5 hello\n",
    );
  });

  it.each([
    [0, "-    "],
    [1, "TRACE"],
    [5, "DEBUG"],
    [9, "INFO "],
    [13, "WARN "],
    [17, "ERROR"],
    [24, "FATAL"],
  ])("names severity %i", (severityNumber, name) => {
    expect(format({ severityNumber, body: "x" })).toBe(`12:34:56.789 ${name} x\n`);
  });

  it("shows no time where there is none", () => {
    expect(format({ body: "x", timeMs: 0 })).toBe("--:--:--.--- INFO  x\n");
  });

  it("has colors", () => {
    const text = format({ body: "hello", severityNumber: 17, attributes: source }, { color: true });
    expect(text).toBe("\x1b[90m12:34:56.789\x1b[0m \x1b[31mERROR\x1b[0m \x1b[90msrc/app.ts:10:5\x1b[0m hello\n");
  });

  it("keeps the text's own colors and ends them", () => {
    expect(format({ body: "\x1b[32mok" }, { color: true })).toContain("\x1b[32mok\x1b[0m\n");
    expect(format({ body: "\x1b[32mok" })).toBe("12:34:56.789 INFO  ok\n");
  });

  it("shows structured bodies as JSON", () => {
    expect(format({ body: { user: { id: 7 }, tags: ["a", null] } })).toBe(
      '12:34:56.789 INFO  {"user":{"id":7},"tags":["a",null]}\n',
    );
  });

  it("indents what follows, so that no text can pass for a record", () => {
    const forged = "first\n2026-11-21 12:00:00.000 ERROR forged\r\n12:34:56.789 ERROR forged";
    expect(format({ body: forged })).toBe(
      "12:34:56.789 INFO  first\n    2026-11-21 12:00:00.000 ERROR forged\n    12:34:56.789 ERROR forged\n",
    );
  });

  it("shows an error once: type, message, stack", () => {
    const attributes = {
      ...source,
      "exception.type": "TypeError",
      "exception.message": "x is undefined",
      "exception.stacktrace": "TypeError: x is undefined\n    at pay (app.ts:10:5)\n    at click (app.ts:3:1)",
    };
    const expected =
      "12:34:56.789 ERROR src/app.ts:10:5 TypeError: x is undefined\n    at pay (app.ts:10:5)\n    at click (app.ts:3:1)\n";
    for (const body of ["TypeError: x is undefined", "x is undefined", null]) {
      expect(format({ severityNumber: 17, body, attributes })).toBe(expected);
    }
    // A text that holds the stack already, as console.error of an error prints it.
    expect(format({ severityNumber: 17, body: attributes["exception.stacktrace"], attributes })).toBe(expected);
  });

  it("adds the error to a text that does not name it", () => {
    const attributes = { "exception.type": "Error", "exception.message": "no route" };
    expect(format({ body: "could not pay", attributes })).toBe(
      "12:34:56.789 INFO  could not pay\n    Error: no route\n",
    );
    expect(format({ body: "could not pay Error: no route", attributes })).toBe(
      "12:34:56.789 INFO  could not pay Error: no route\n",
    );
  });

  it("shows the caller's stack of console.trace", () => {
    const attributes = { "code.stacktrace": "render@app.ts:1:2\nmain@app.ts:9:9" };
    expect(format({ body: "here", attributes })).toBe(
      "12:34:56.789 INFO  here\n    render@app.ts:1:2\n    main@app.ts:9:9\n",
    );
  });

  it("keeps recursion in a stack", () => {
    const attributes = { "exception.type": "RangeError", "exception.stacktrace": "at f (a.ts:1:1)\nat f (a.ts:1:1)" };
    expect(format({ body: null, attributes }).match(/at f/g)).toHaveLength(2);
  });

  it("counts the lines that are too many", () => {
    const stack = Array.from({ length: 50 }, (_, index) => `at f${index}`).join("\n");
    const lines = format(
      { body: "a\nb\nc", attributes: { "exception.type": "E", "exception.stacktrace": stack } },
      { maxRecordLines: 10 },
    ).split("\n");
    expect(lines).toHaveLength(12);
    expect(lines.at(-2)).toBe("    …(+44 lines of its stack)");
  });

  it("cleans the source, the stack and the exception too", () => {
    const evil = "\x1b]0;owned\x07\r\u202e";
    const attributes = {
      "code.file.path": `http://h/${evil}.ts`,
      "code.line.number": 1,
      "exception.type": evil,
      "exception.message": `${evil}!`,
      "exception.stacktrace": `at ${evil}`,
    };
    for (const color of [true, false]) {
      expect(format({ body: evil, attributes }, { color }).replace(/\x1b\[[0-9;]*m/g, "")).not.toMatch(
        /[\x00-\x09\x0b-\x1f\u202e]/,
      );
    }
  });

  it.each([
    ["webpack-internal:///./src/a.js", "src/a.js"],
    ["/home/me/app/src/a.ts", "/home/me/app/src/a.ts"],
    ["http://localhost:3000/", "/"],
    [`/${"long/".repeat(30)}a.ts`, `…${`/${"long/".repeat(30)}a.ts`.slice(-60)}`],
  ])("shortens the source %s", (file, shown) => {
    expect(format({ body: "x", attributes: { "code.file.path": file } })).toBe(`12:34:56.789 INFO  ${shown} x\n`);
  });

  it("folds a stack to its first frames and says how many more there are", () => {
    const stack = ["TypeError: x", ...Array.from({ length: 12 }, (_, frame) => `    at f${frame} (a.ts:${frame}:1)`)];
    const attributes = {
      "exception.type": "TypeError",
      "exception.message": "x",
      "exception.stacktrace": stack.join("\n"),
    };
    expect(format({ body: "TypeError: x", attributes }, { maxStackFrames: 3 }).split("\n")).toEqual([
      "12:34:56.789 INFO  TypeError: x",
      "    at f0 (a.ts:0:1)",
      "    at f1 (a.ts:1:1)",
      "    at f2 (a.ts:2:1)",
      "    …(+9 lines of its stack)",
      "",
    ]);
    expect(format({ body: "x", attributes }, { maxStackFrames: 0 })).toContain(
      "TypeError: x\n    …(+12 lines of its stack)\n",
    );
  });
});
