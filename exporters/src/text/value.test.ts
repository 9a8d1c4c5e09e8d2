import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import { describe, expect, it } from "vitest";
import { textOfValue } from "./value.ts";

describe("textOfValue", () => {
  it.each<[string, AnyValue | undefined, string]>([
    ["a string as it is", 'say "hi"', 'say "hi"'],
    ["nothing", undefined, ""],
    ["the empty value", null, ""],
    ["a number", 1.5, "1.5"],
    ["an int64 with all its digits", 9_223_372_036_854_775_807n, "9223372036854775807"],
    ["what JSON cannot say", [Number.NaN, Number.POSITIVE_INFINITY], "[NaN,Infinity]"],
    ["bytes", new Uint8Array([1, 2, 255]), '"AQL/"'],
    [
      "a map, with any key",
      { __proto__: null, a: [true, null, { "b c": "d" }] } as AnyValue,
      '{"a":[true,null,{"b c":"d"}]}',
    ],
  ])("%s", (_, value, text) => expect(textOfValue(value)).toBe(text));

  it("stops at a depth that nothing can throw at", () => {
    let deep: AnyValue = "end";
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(textOfValue(deep)).toBe(`${"[".repeat(64)}"…"${"]".repeat(64)}`);
  });
});
