// 200,000 damaged payloads: no crash, no hang, no growing memory, refusals that say what and where.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { runCampaign } from "./campaign.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapAfterCollection(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

// A second of work for each 8,000 of them; a machine that others keep busy takes several times that.
test("200,000 mutants of valid payloads", { timeout: 300_000 }, () => {
  const warm = runCampaign(20_000, 1);
  const before = heapAfterCollection();
  const run = runCampaign(180_000, 20_261);
  expect(warm.mutants + run.mutants).toBe(200_000);
  // Both ways are taken often, or the mutations would test little.
  expect(run.refused).toBeGreaterThan(40_000);
  expect(run.accepted).toBeGreaterThan(40_000);
  expect(run.agreed).toBeGreaterThan(4_000);
  // A hang takes seconds; a pause of a busy machine does not.
  expect(run.slowestMs).toBeLessThan(5_000);
  expect(heapAfterCollection() - before).toBeLessThan(8 * 2 ** 20);
});
