// Rows 14 to 33: objects of every kind.

import { boom, Foo, log, type Row } from "./row.ts";

const throwing: ProxyHandler<object> = Object.fromEntries(
  ["get", "has", "ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor"].map((trap) => [trap, boom]),
);
function infinite(): object {
  const descriptor = { enumerable: true, configurable: true, value: 1 };
  return new Proxy({}, { get: () => infinite(), ownKeys: () => ["next"], getOwnPropertyDescriptor: () => descriptor });
}
function callable(): unknown {
  const made: unknown = new Proxy(() => {}, { get: () => made, apply: () => made });
  return made;
}
function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
function circular(): object {
  const made: { name: string; self?: unknown; deep: { back?: unknown } } = { name: "a", deep: {} };
  made.self = made;
  made.deep.back = made.deep;
  return made;
}
function selfContaining(): object {
  const map = new Map<unknown, unknown>([["k", { v: 1 }]]);
  return map.set("me", map);
}
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}
const array = (length: number): number[] => Array.from({ length }, (_, index) => index);
const object = (length: number): object => Object.fromEntries(array(length).map((i) => [`k${i}`, i]));
const shared = { x: 1 };

export const objectRows: readonly Row[] = [
  log(
    "14 collections",
    () => [new Map([["k", { v: 1 }]]), new Set([1, "x"])],
    "Map(1) { 'k' => { v: 1 } } Set(2) { 1, 'x' }",
  ),
  log("14 self-containing", () => [selfContaining()], "Map(2) { 'k' => { v: 1 }, 'me' => [Circular $] }"),
  log("16 sparse", () => [Object.assign([], { 0: 1, 2: 3 })], "[1, <empty>, 3]"),
  log(
    "17 binary",
    () => [new Uint8Array([1, 2, 3]), new ArrayBuffer(8), new DataView(new ArrayBuffer(2))],
    "Uint8Array(3) [1, 2, 3] ArrayBuffer(8) DataView(2)",
  ),
  log("17 large binary", () => [new Float64Array(5000)], /^Float64Array\(5000\) \[(0, ){100}… 4900 more\]$/),
  log("19 circular", () => [circular()], "{ name: 'a', deep: { back: [Circular $.deep] }, self: [Circular $] }"),
  log("20 shared", () => [{ p: shared, q: shared }], "{ p: { x: 1 }, q: { x: 1 } }"),
  log(
    "21 getter throws",
    () => [
      {
        ok: 1,
        get bad() {
          throw new Error("getter boom");
        },
        after: 2,
      },
    ],
    "{ ok: 1, bad: [Threw: getter boom], after: 2 }",
  ),
  log("22 toJSON throws", () => [{ a: 1, toJSON: boom }], "{ a: 1, toJSON: [Function: boom] }"),
  log(
    "22 toJSON of itself",
    () => [
      {
        a: 1,
        toJSON() {
          return this;
        },
      },
    ],
    "{ a: 1, toJSON: [Function: toJSON] }",
  ),
  log("22 toJSON of a bigint", () => [{ toJSON: () => 5n }], "5n"),
  log(
    "23 toString throws",
    () => ["%s", { a: 1, toString: boom, valueOf: boom, [Symbol.toPrimitive]: boom }],
    /^\{ a: 1, toString: \[Function: boom\]/,
  ),
  log("26 null prototype", () => [Object.assign(Object.create(null), { a: 1 })], "[null proto] { a: 1 }"),
  log("26 class", () => [new Foo()], "Foo { a: 1 }"),
  log("26 spoofed tag", () => [{ [Symbol.toStringTag]: "Map", a: 1 }, { [Symbol.toStringTag]: "Date" }], /a: 1.* \{ /),
  log("27 throwing proxy", () => [new Proxy({}, throwing)], "[Proxy: unreadable]"),
  log("28 revoked proxy", () => [revoked()], "[Proxy: unreadable]"),
  log("29 infinite proxy", () => [infinite()], "{ next: { next: { next: { next: { next: { next: [Object] } } } } } }"),
  // Hermes has no text of such a function.
  log("29 callable proxy", () => [callable()], "[Function]", { onHermes: "[Proxy: unreadable]" }),
  log(
    "30 getter that logs",
    () => [
      {
        get a() {
          console.log("inside");
          return 1;
        },
      },
    ],
    "{ a: 1 }",
    { innerCalls: 1 },
  ),
  log("31 100,000 deep", () => [nested(100_000)], "{ a: { a: { a: { a: { a: { a: [Object] } } } } } }"),
  log("32 a million items", () => [array(1_000_000)], /^\[0, 1, .*, 99, … 999900 more\]$/),
  log("32 1,000 keys", () => [object(1_000)], /k99: 99, … 900 more \}$/),
  // Hermes takes no more than 196,607 in one object.
  log("32 190,000 keys", () => [object(190_000)], /k99: 99, … 189900 more \}$/, {
    // No engine lists some of an object's keys.
    engineCost: ([call]) => Object.keys(call?.[1] as object),
  }),
  log("33 wide tree", () => [array(100).map(() => array(100).map(() => [1]))], /…/),
];
