// What other people's apps have logged, and the text that it becomes here: the rows of the survival table.

export const boom = (): never => {
  throw new Error("boom");
};
const throwing: ProxyHandler<object> = Object.fromEntries(
  ["get", "has", "ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor"].map((trap) => [trap, boom]),
);
const revoked = Proxy.revocable({}, {});
revoked.revoke();
function infinite(): object {
  const descriptor = { enumerable: true, configurable: true, value: 1 };
  return new Proxy({}, { get: () => infinite(), ownKeys: () => ["next"], getOwnPropertyDescriptor: () => descriptor });
}
const callable: unknown = new Proxy(() => {}, { get: () => callable, apply: () => callable });
const circular: { name: string; self?: unknown; deep: { back?: unknown } } = { name: "a", deep: {} };
circular.self = circular;
circular.deep.back = circular.deep;
const shared = { x: 1 };
const map = new Map<unknown, unknown>([["k", { v: 1 }]]);
map.set("me", map);
class Foo {
  a = 1;
}
const foo = function foo(): void {};
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

export const rows: readonly [name: string, args: unknown[], expected: string | RegExp][] = [
  ["1 printf", ["hello %s you are %d", "bob", 42, "extra"], "hello bob you are 42 extra"],
  ["2 css", ["%cstyled", "color:red", "tail"], "styled tail"],
  ["3 objects", ["o=%o O=%O j=%j", { a: 1 }, { b: 2 }, { c: 3 }], 'o={ a: 1 } O={ b: 2 } j={"c":3}'],
  ["4 one argument", ["100%% sure %s"], "100%% sure %s"],
  ["4 percent", ["100%% %s", "x"], "100% x"],
  ["5 %d", ["%d %d %d", Symbol("s"), 10n, { a: 1 }], "NaN 10n NaN"],
  ["5 %i %f", ["%i %f %i", "42.9px", "1.5em", "x"], "42 1.5 NaN"],
  ["6 too few", ["%s %s", "a"], "a %s"],
  ["7 nothing", [], ""],
  [
    "8 primitives",
    [undefined, null, Number.NaN, -0, Number.POSITIVE_INFINITY, true],
    "undefined null NaN -0 Infinity true",
  ],
  [
    "9 in an object",
    [{ a: undefined, b: Number.NaN, c: -0, d: Number.POSITIVE_INFINITY }],
    "{ a: undefined, b: NaN, c: -0, d: Infinity }",
  ],
  ["10 bigint", [10n, { n: 12n }, Object(1n)], "10n { n: 12n } [BigInt: 1n]"],
  ["11 symbols", [Symbol("s"), { k: Symbol("v"), [Symbol("q")]: 1 }], "Symbol(s) { k: Symbol(v), [Symbol(q)]: 1 }"],
  [
    "12 functions",
    [foo, Foo, { f: () => {} }, () => {}],
    "[Function: foo] [class Foo] { f: [Function: f] } [Function]",
  ],
  ["13 dates", [new Date(0), new Date(Number.NaN), /a\/b/gi], "1970-01-01T00:00:00.000Z Invalid Date /a\\/b/gi"],
  ["14 collections", [new Map([["k", { v: 1 }]]), new Set([1, "x"])], "Map(1) { 'k' => { v: 1 } } Set(2) { 1, 'x' }"],
  ["14 self-containing", [map], "Map(2) { 'k' => { v: 1 }, 'me' => [Circular $] }"],
  ["16 sparse", [Object.assign([], { 0: 1, 2: 3 })], "[1, <empty>, 3]"],
  [
    "17 binary",
    [new Uint8Array([1, 2, 3]), new ArrayBuffer(8), new DataView(new ArrayBuffer(2))],
    "Uint8Array(3) [1, 2, 3] ArrayBuffer(8) DataView(2)",
  ],
  ["17 large binary", [new Float64Array(5000)], /^Float64Array\(5000\) \[(0, ){100}… 4900 more\]$/],
  [
    "18 web",
    [new URL("http://a/b"), new Headers(), new Blob(["0123456789"], { type: "text/plain" }), new FormData()],
    "http://a/b [Headers] Blob(10, text/plain) [FormData]",
  ],
  ["18 bodies", [new Request("http://a/"), new Response("body")], "[Request] [Response]"],
  ["19 circular", [circular], "{ name: 'a', deep: { back: [Circular $.deep] }, self: [Circular $] }"],
  ["20 shared", [{ p: shared, q: shared }], "{ p: { x: 1 }, q: { x: 1 } }"],
  [
    "21 getter throws",
    [
      {
        ok: 1,
        get bad() {
          throw new Error("getter boom");
        },
        after: 2,
      },
    ],
    "{ ok: 1, bad: [Threw: getter boom], after: 2 }",
  ],
  ["22 toJSON throws", [{ a: 1, toJSON: boom }], "{ a: 1, toJSON: [Function: boom] }"],
  [
    "22 toJSON of itself",
    [
      {
        a: 1,
        toJSON() {
          return this;
        },
      },
    ],
    "{ a: 1, toJSON: [Function: toJSON] }",
  ],
  ["22 toJSON of a bigint", [{ toJSON: () => 5n }], "5n"],
  [
    "23 toString throws",
    ["%s", { a: 1, toString: boom, valueOf: boom, [Symbol.toPrimitive]: boom }],
    /^\{ a: 1, toString: \[Function: boom\]/,
  ],
  ["26 null prototype", [Object.assign(Object.create(null), { a: 1 })], "[null proto] { a: 1 }"],
  ["26 class", [new Foo()], "Foo { a: 1 }"],
  ["26 spoofed tag", [{ [Symbol.toStringTag]: "Map", a: 1 }], /./],
  ["27 throwing proxy", [new Proxy({}, throwing)], "[Proxy: unreadable]"],
  ["28 revoked proxy", [revoked.proxy], "[Proxy: unreadable]"],
  ["29 infinite proxy", [infinite()], /^\{ next: \{ next: /],
  ["29 callable proxy", [callable], "[Function]"],
  ["31 100,000 deep", [nested(100_000)], "{ a: { a: { a: { a: { a: { a: [Object] } } } } } }"],
  ["32 a million items", [Array.from({ length: 1_000_000 }, (_, i) => i)], /^\[0, 1, .*, 99, … 999900 more\]$/],
  [
    "32 1,000 keys",
    [Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i]))],
    /k99: 99, … 900 more \}$/,
  ],
  ["33 wide tree", [Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => [1]))], /…/],
  ["34 5 MB string", ["x".repeat(5_000_000)], /^x{8192}… \(\+4991808 chars\)$/],
  ["34 5 MB nested", [{ s: "x".repeat(5_000_000) }], /^\{ s: 'x{8192}… \(\+4991808 chars\)' \}$/],
  ["34 10,000 arguments", Array.from({ length: 10_000 }, (_, i) => i), /^0 1 .* 49 … 9950 more$/],
  ["34 a lot of text", Array.from({ length: 50 }, () => "x".repeat(8_192)), /^x+/],
  ["35 lone surrogates", ["a\ud800b", { "k\udc00": "v\ud800" }], "a\ud800b { 'k\udc00': 'v\ud800' }"],
  ["36 control characters", ["\0\u001b[31m\u2028"], "\0\u001b[31m\u2028"],
  ["37 __proto__", [JSON.parse('{"__proto__":{"x":1},"constructor":1}')], "{ __proto__: { x: 1 }, constructor: 1 }"],
  ["38 error", [new TypeError("bad")], "TypeError: bad"],
  [
    "41 own properties",
    [Object.assign(new Error("e"), { code: "ENOENT", status: 404 })],
    "Error: e { code: 'ENOENT', status: 404 }",
  ],
  ["42 nested error", [{ err: new RangeError("r") }], "{ err: [RangeError: r] }"],
  ["42 second argument", ["failed", new RangeError("r")], "failed RangeError: r"],
  ["43 hostile error", [Object.defineProperty(new Error("e"), "stack", { get: boom })], "Error: e"],
  ["43 error of odd parts", [Object.assign(new Error("e"), { name: 5, message: Symbol("m") })], /^Error/],
  ["46 global", [globalThis], "[Window]"],
  ["46 event", [new Event("click")], "[Event click]"],
  [
    "48 boxed",
    [Object("s"), Object(1), Object(true), Object(Symbol("x"))],
    "[String: 's'] [Number: 1] [Boolean: true] [Symbol: Symbol(x)]",
  ],
  ["48 promise", [Promise.resolve(1), new WeakMap()], "[Promise] [WeakMap]"],
  ["49 odd keys", [{ "a-b": 1, "": 2, 3: 4, "it's": 5 }], "{ '3': 4, 'a-b': 1, '': 2, 'it\\'s': 5 }"],
];
