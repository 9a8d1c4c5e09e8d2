import { expect, it } from "vitest";
import { createTurns } from "./turns.ts";

it("lets others have their turn when one was long, also over many short pieces, and never sooner", async () => {
  let at = 0;
  const turns = createTurns(() => at);
  let others = 0;
  const other = () => {
    others++;
    if (others < 1_000) setImmediate(other);
  };
  setImmediate(other);
  // Each piece takes a millisecond; nothing but microtasks lies between them.
  const seen: number[] = [];
  for (let piece = 0; piece < 12; piece++) {
    await turns.take();
    seen.push(others);
    at += 1;
  }
  expect(seen.slice(0, 4)).toEqual([0, 0, 0, 0]);
  expect(seen[4]).toBeGreaterThan(0);
  expect(seen[8]).toBeGreaterThan(seen[7]!);
  others = 1_000;
});
