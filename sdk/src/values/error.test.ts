import { expect, test } from "vitest";
import { readException } from "./error.ts";
import { defaultLimits } from "./limits.ts";
import { findFrame } from "./stack.ts";

function chain(length: number): Error {
  let error = new Error("cause 0");
  for (let index = 1; index < length; index++) error = new Error(`cause ${index}`, { cause: error });
  return error;
}

test("type, message and stack of an error", () => {
  const { type, message, stack } = readException(new TypeError("bad"), defaultLimits);
  expect([type, message]).toEqual(["TypeError", "bad"]);
  expect(stack).toMatch(/^TypeError: bad\n\s+at .*error\.test\.ts:\d+:\d+/);
});

test("the class's name where nobody has set another", () => {
  class PaymentError extends Error {}
  expect(readException(new PaymentError("p"), defaultLimits).type).toBe("PaymentError");
  expect(readException(Object.assign(new Error("e"), { code: "ENOENT" }), defaultLimits).type).toBe("Error");
  expect(readException(new DOMException("stop", "AbortError"), defaultLimits).type).toBe("AbortError");
});

test("causes stand under the stack", () => {
  const { stack } = readException(chain(3), defaultLimits);
  expect(stack?.match(/^(Caused by: )?Error: cause \d/gm)).toEqual([
    "Error: cause 2",
    "Caused by: Error: cause 1",
    "Caused by: Error: cause 0",
  ]);
});

test("a thousand causes are ten and a count, a cycle is named", () => {
  const { stack } = readException(chain(1_000), { ...defaultLimits, stringLength: 100_000 });
  expect(stack.match(/^Caused by: /gm)).toHaveLength(10);
  expect(stack).toMatch(/\n… 989 more$/);
  const self = new Error("self");
  self.cause = self;
  expect(readException(self, defaultLimits).stack).toMatch(/Caused by: \[Circular\]$/);
});

test("the errors of an AggregateError, of any shape", () => {
  const two = readException(new AggregateError([new Error("a"), "text"], "both"), defaultLimits);
  expect(two.stack).toMatch(/Error 1 of 2: Error: a/);
  expect(two.stack).toMatch(/Error 2 of 2: \[string\]$/);
  const many = Object.assign(new Error("many"), { errors: Array.from({ length: 10_000 }, () => new Error("x")) });
  const { stack } = readException(many, { ...defaultLimits, stringLength: 100_000 });
  expect(stack).toContain("Error 10 of 10000: Error: x");
  expect(stack).not.toContain("Error 11 of");
});

test("a stack of 200,000 lines and a message of a megabyte are short, quickly", () => {
  const error = new Error(`${"ab".repeat(500_000)}`);
  error.stack = `Error: x\n${"    at f (http://a/b.js:1:2)\n".repeat(200_000)}`;
  // The best of a few: a machine that builds beside the tests must not decide.
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    readException(error, defaultLimits);
    return performance.now() - started;
  });
  expect(Math.min(...times)).toBeLessThan(50);
  const { message, stack } = readException(error, defaultLimits);
  expect(message.length).toBeLessThan(9_000);
  expect(stack?.split("\n").filter((line) => line.includes("at f")).length).toBeLessThanOrEqual(50);
});

test.each<[string, string, object | undefined]>([
  [
    "V8",
    "    at total (http://localhost:3000/src/cart.ts:41:9)",
    { function: "total", file: "http://localhost:3000/src/cart.ts", line: 41, column: 9 },
  ],
  [
    "V8 without a function",
    "    at http://localhost:3000/a.js:1:2",
    { file: "http://localhost:3000/a.js", line: 1, column: 2 },
  ],
  [
    "V8 async",
    "    at async Promise.all (http://a/b.js:3:4)",
    { function: "Promise.all", file: "http://a/b.js", line: 3, column: 4 },
  ],
  [
    "V8 method",
    "    at new Foo.bar [as baz] (http://a/b.js:3:4)",
    { function: "new Foo.bar [as baz]", file: "http://a/b.js", line: 3, column: 4 },
  ],
  [
    "Node",
    "    at Object.<anonymous> (/home/me/app.js:10:11)",
    { function: "Object.<anonymous>", file: "/home/me/app.js", line: 10, column: 11 },
  ],
  ["Node module", "    at file:///home/me/app.mjs:1:7", { file: "/home/me/app.mjs", line: 1, column: 7 }],
  ["Windows", "    at f (C:\\app\\a.js:1:7)", { function: "f", file: "C:\\app\\a.js", line: 1, column: 7 }],
  [
    "Vite's version",
    "    at f (http://localhost:5173/src/main.ts?t=1767225600123:5:6)",
    { function: "f", file: "http://localhost:5173/src/main.ts", line: 5, column: 6 },
  ],
  [
    "Vite's path",
    "    at f (http://localhost:5173/@fs/home/x@1/main.ts:5:6)",
    { function: "f", file: "http://localhost:5173/@fs/home/x@1/main.ts", line: 5, column: 6 },
  ],
  [
    "Gecko",
    "total@http://localhost:3000/@id/cart.ts:41:9",
    { function: "total", file: "http://localhost:3000/@id/cart.ts", line: 41, column: 9 },
  ],
  [
    "Gecko top level",
    "@http://localhost:3000/cart.ts:41:9",
    { file: "http://localhost:3000/cart.ts", line: 41, column: 9 },
  ],
  [
    "Hermes",
    "    at render (address at http://10.0.0.2:8081/index.bundle//&platform=ios:1:2345)",
    { function: "render", file: "http://10.0.0.2:8081/index.bundle//&platform=ios", line: 1, column: 2345 },
  ],
  ["native", "    at Array.forEach (<anonymous>)", undefined],
  ["Node's own", "    at node:internal/main:5:6", undefined],
  ["eval", "    at eval (eval at f (http://a/b.js:1:2), <anonymous>:1:1)", undefined],
  ["a message with a time", "it happened at 10:20:30", undefined],
  ["a long line", `    at ${"f".repeat(2_000)} (http://a/b.js:1:2)`, undefined],
])("frame of %s", (_, line, frame) => {
  expect(findFrame(`Error: x\n${line}`)).toEqual(frame && { function: "", ...frame });
});
