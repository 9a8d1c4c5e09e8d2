// A real page whose connection breaks at random bytes, 60 times here. The long run, 1,000 times, with another seed each time:
//   CUTS=1000 npx -y pnpm@12 vitest run sdk/test/chromium/cuts.e2e.test.ts

import { expect, test } from "vitest";
import { usePages } from "../../src/testing/chromium-pages.ts";
import { createCuttingProxy } from "./cutting-proxy.ts";

const cuts = Number(process.env.CUTS ?? 60);
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

const { open } = usePages(() => ({}));

/** A linear congruential generator (Numerical Recipes), so that a seed tells where each connection ends. */
function createRandom(state: number): () => number {
  let last = state;
  return () => {
    last = (Math.imul(last, 1_664_525) + 1_013_904_223) >>> 0;
    return last / 2 ** 32;
  };
}

test(`${cuts} cut connections of a page: every record once, in order, every sequence accounted for (seed ${seed})`, {
  timeout: 60_000 + 1_000 * cuts,
}, async () => {
  const { page, collector, errors } = await open();
  await using proxy = await createDisposable(createCuttingProxy(collector.port, cuts, createRandom(seed)));
  const sequences: number[] = [];
  collector.behaviour.onExport = ({ payload: { sequence } }) => {
    sequences.push(sequence);
    return "take";
  };
  await page.evaluate(`
    // The back-off's jitter: a hundredth of it, or this takes minutes. The native call costs what looks at it.
    const { random } = Math;
    Math.random = () => random() / 100;
    console.log = () => {};
    const rate = { identical: 1e9, burst: 1e9, sustained: 1e9, perSite: 1e9 };
    window.telemetry = sdk.initTelemetry({ serverUrl: "${proxy.url}", serviceName: "shop", rate });
    window.logged = 0;
    window.timer = setInterval(() => {
      for (let i = 0; i <= logged % 5 && telemetry.status.buffered < 1_000; i++) console.log("line", logged++, "漢");
    }, 1);`);
  await proxy.done;
  const logged = await page.evaluate<number>("clearInterval(timer), telemetry.flush().then(() => logged)");
  await page.waitForFunction("telemetry.status.buffered === 0");

  expect([proxy.cuts, errors]).toEqual([cuts, []]);
  expect(collector.records.map(({ body }) => body)).toEqual(
    Array.from({ length: logged }, (_, index) => `line ${index} 漢`),
  );
  const all = [...collector.records, ...collector.events];
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
  expect(await page.evaluate("telemetry.status")).toMatchObject({
    state: "open",
    acknowledged: all.length,
    dropped: 0,
    refused: 0,
  });
  // 1, 2, 3 … without a gap. A few may come again, where the collector had not seen the end of the connection before.
  const known = [...new Set(sequences)].sort((a, b) => a - b);
  expect(known).toEqual(Array.from({ length: known.length }, (_, index) => index + 1));
  expect(collector.posts).toEqual([]);
  console.info(
    `${cuts} cuts of ${collector.connections} connections: ${all.length} records in ${known.length} batches, ${sequences.length - known.length} of them twice`,
  );
});

async function createDisposable<Value extends { close(): Promise<void> }>(
  value: Promise<Value>,
): Promise<Value & AsyncDisposable> {
  const made = await value;
  return Object.assign(made, { [Symbol.asyncDispose]: () => made.close() });
}
