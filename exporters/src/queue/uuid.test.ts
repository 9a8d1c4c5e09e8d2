import { expect, it } from "vitest";
import { createUuids } from "./uuid.ts";

it("makes UUIDs of version 4, each another one, over several fillings of the pool", () => {
  const next = createUuids();
  const ids = Array.from({ length: 2_000 }, next);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
  // Every digit that is free takes every value.
  for (let place = 0; place < 36; place++) {
    const values = new Set(ids.map((id) => id[place])).size;
    expect(values).toBe([8, 13, 14, 18, 23].includes(place) ? 1 : place === 19 ? 4 : 16);
  }
});
