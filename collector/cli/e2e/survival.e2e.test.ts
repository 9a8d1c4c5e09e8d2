// The collector dies with SIGKILL while a page logs on, and comes back.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExamplePage, openExamplePage } from "./page.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
let example: ExamplePage;

beforeAll(async () => {
  world = await createWorld();
  await world.start();
  example = await openExamplePage(world.url);
});

afterAll(async () => {
  await example?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const tick = /tick (\d+)\./;
const ticks = (lines: readonly string[]) => lines.flatMap((line) => tick.exec(line)?.[1] ?? []).map(Number);

test("what a page logged before and during the absence arrives once the collector is back, each record once", {
  timeout: 90_000,
}, async () => {
  await example.page.evaluate(() => {
    const state = { next: 1, timer: 0 };
    state.timer = window.setInterval(() => console.log(`tick ${state.next++}.`), 5);
    Object.assign(window, { ticker: state });
  });
  for (let round = 1; round <= 3; round++) {
    const seen = ticks(world.queue().map(({ rawContent }) => rawContent)).length;
    await world.until(
      "more ticks",
      () => ticks(world.queue().map(({ rawContent }) => rawContent)).length > seen + 50 || undefined,
    );
    await world.kill();
    const at = await example.page.evaluate(() => (window as unknown as { ticker: { next: number } }).ticker.next);
    // The page goes on without a collector.
    await example.page.waitForFunction(
      (from) => (window as unknown as { ticker: { next: number } }).ticker.next > from + 60,
      at,
    );
    expect((await world.devmux("telemetry", "status", "--json")).code).not.toBe(0);
    await world.start();
  }
  const last = await example.page.evaluate(() => {
    const { ticker } = window as unknown as { ticker: { next: number; timer: number } };
    clearInterval(ticker.timer);
    return ticker.next - 1;
  });
  const expected = Array.from({ length: last }, (_, index) => index + 1);
  await world.until(
    "the last tick",
    () =>
      (world.spool(example.stream).includes(`tick ${last}.`) &&
        ticks(world.queue().map(({ rawContent }) => rawContent)).includes(last)) ||
      undefined,
    40_000,
  );
  expect(ticks(world.queue().map(({ rawContent }) => rawContent))).toEqual(expected);
  expect(ticks(world.spool(example.stream).split("\n"))).toEqual(expected);
});
