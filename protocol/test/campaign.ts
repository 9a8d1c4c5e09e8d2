// A run of mutations over all payloads: what the test does for a while, and `node protocol/test/fuzz.mjs` for as long as you like.

import { Logs, OpaqueBatch } from "../src/otlp/index.ts";
import { checkJson, checkLogs, checkOpaque, mutate, Random, type Tally } from "./mutate.ts";
import { logsPayload, metricsPayload, tracesPayload } from "./payloads.ts";

/** One mutant in so many goes through JSON and the oracle too. */
const thoroughEvery = 4;

export interface Campaign extends Tally {
  mutants: number;
}

interface Target {
  readonly seed: Uint8Array;
  /** Share of the mutants, out of 16. */
  readonly share: number;
  readonly check: (mutant: Uint8Array, tally: Tally, thorough: boolean) => void;
}

export function runCampaign(mutants: number, seed: number): Campaign {
  const random = new Random(seed);
  const tally: Campaign = { mutants: 0, accepted: 0, refused: 0, agreed: 0, slowestMs: 0 };
  const schedule = targets().flatMap((target) => Array.from({ length: target.share }, () => target));
  for (; tally.mutants < mutants; tally.mutants++) {
    const target = schedule[tally.mutants % schedule.length]!;
    const mutant = mutate(target.seed, random);
    const before = performance.now();
    try {
      target.check(mutant, tally, tally.mutants % (schedule.length * thoroughEvery) < schedule.length);
    } catch (error) {
      throw new Error(`mutant ${tally.mutants} of seed ${seed}: ${Buffer.from(mutant).toString("hex")}`, {
        cause: error,
      });
    }
    tally.slowestMs = Math.max(tally.slowestMs, performance.now() - before);
  }
  return tally;
}

function targets(): Target[] {
  const text = new TextEncoder();
  const logs = logsPayload();
  const traces = tracesPayload();
  const metrics = metricsPayload();
  return [
    { seed: logs, share: 11, check: checkLogs },
    { seed: traces, share: 1, check: (mutant, tally) => checkOpaque("traces", mutant, tally) },
    { seed: metrics, share: 1, check: (mutant, tally) => checkOpaque("metrics", mutant, tally) },
    {
      seed: text.encode(Logs.fromProtobuf(logs).toJson()),
      share: 1,
      check: (mutant, tally) => checkJson("logs", mutant, tally),
    },
    {
      seed: text.encode(OpaqueBatch.fromProtobuf("traces", traces).toJson()),
      share: 1,
      check: (mutant, tally) => checkJson("traces", mutant, tally),
    },
    {
      seed: text.encode(OpaqueBatch.fromProtobuf("metrics", metrics).toJson()),
      share: 1,
      check: (mutant, tally) => checkJson("metrics", mutant, tally),
    },
  ];
}
