import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyOfHash, keyOfId } from "./memory.ts";
import { createRecentTable } from "./recent-table.ts";

describe("a recent table", () => {
  it("holds the last ones, and twice its capacity at most", () => {
    const table = createRecentTable(100, 2);
    for (let key = 1; key <= 1_000; key++) table.set(key * 7919, [key, key / 2]);
    const held = Array.from({ length: 1_000 }, (_, index) => (index + 1) * 7919).filter((key) => table.find(key) >= 0);
    expect(held.length).toBeLessThanOrEqual(200);
    expect(held.slice(-100)).toEqual(Array.from({ length: 100 }, (_, index) => (901 + index) * 7919));
    expect(table.valueAt(table.find(1_000 * 7919), 0)).toBe(1_000);
    expect(table.valueAt(table.find(901 * 7919), 1)).toBe(450.5);
  });

  it("does what a map does, within its capacity", () => {
    const key = fc.integer({ min: 1, max: 40 }).map((small) => (small % 5 === 0 ? small : small * 2 ** 40));
    const step = fc.record({ key, remove: fc.boolean(), value: fc.integer() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const table = createRecentTable(64, 2);
        const model = new Map<number, number>();
        for (const { key: at, remove, value } of steps) {
          if (remove) {
            table.delete(at);
            model.delete(at);
          } else {
            table.set(at, [value, -value]);
            model.set(at, value);
          }
          const place = table.find(at);
          expect(place < 0 ? undefined : table.valueAt(place, 0)).toBe(model.get(at));
        }
        for (const [at, value] of model) expect(table.valueAt(table.find(at), 1)).toBe(-value);
      }),
    );
  });

  it("is keyed by 52 bits of a hash or an id", () => {
    expect(keyOfHash("fffffffffffff000")).toBe(2 ** 52 - 1);
    expect(keyOfHash("0000000000001fff")).toBe(1);
    expect(keyOfHash("0000000000000000")).toBe(1);
    expect(keyOfId("ffffffff-ffff-8fff-bfff-ffffffffffff")).toBe(2 ** 52 - 1);
    expect(keyOfId("00000000-0001-8000-8000-000000000000")).toBe(16);
    expect(keyOfId("0123abcd-0000-8000-8000-000000000000")).toBe(0x0123abcd00000);
  });
});
