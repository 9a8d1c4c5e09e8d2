// Rows 34 to 37: texts that are long, broken or spiteful; and row 47.

import { flat, log, type Row } from "./row.ts";

export const textRows: readonly Row[] = [
  log("34 5 MB string", () => [flat("x".repeat(5_000_000))], /^x{8192}… \(\+4991808 chars\)$/),
  log("34 5 MB nested", () => [{ s: flat("x".repeat(5_000_000)) }], /^\{ s: 'x{8192}… \(\+4991808 chars\)' \}$/),
  log("34 10,000 arguments", () => Array.from({ length: 10_000 }, (_, i) => i), /^0 1 .* 49 … 9950 more$/),
  log("34 a lot of text", () => Array.from({ length: 50 }, () => "x".repeat(8_192)), /^x+/),
  log("34 a lot in another script", () => Array.from({ length: 50 }, () => "漢".repeat(8_192)), /^漢+/),
  log("34 a lot of control characters", () => ["\u0001".repeat(8_192)], "\u0001".repeat(8_192)),
  log("35 lone surrogates", () => ["a\ud800b", { "k\udc00": "v\ud800" }], "a\ufffdb { 'k\ufffd': 'v\ufffd' }"),
  log("36 control characters", () => ["\0\u001b[31m\u2028"], "\0\u001b[31m\u2028"),
  log(
    "37 __proto__",
    () => [JSON.parse('{"__proto__":{"x":1},"constructor":1}')],
    "{ __proto__: { x: 1 }, constructor: 1 }",
  ),
  {
    ...log("47 changed after the call", () => [{ n: 1, list: [1] }], "{ n: 1, list: [1] }"),
    after: ([call]) => {
      Object.assign(call?.[1] as object, { n: 2, list: [2, 3] });
    },
  },
  log(
    "48 boxed",
    () => [Object("s"), Object(1), Object(true), Object(Symbol("x"))],
    "[String: 's'] [Number: 1] [Boolean: true] [Symbol: Symbol(x)]",
  ),
  log("48 promise", () => [Promise.resolve(1), new WeakMap()], "[Promise] [WeakMap]", {
    // Its promises are objects as any other.
    onHermes: /^Promise \{ .* \} \[WeakMap\]$/,
  }),
  log("49 odd keys", () => [{ "a-b": 1, "": 2, 3: 4, "it's": 5 }], "{ '3': 4, 'a-b': 1, '': 2, 'it\\'s': 5 }"),
];
