// Mutations for as long as you like: `node protocol/test/fuzz.mjs [mutants] [seed]`, 10 million by default, about 10 minutes.

import { runCampaign } from "./campaign.ts";

const mutants = Number(process.argv[2] ?? 10_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const step = 200_000;
console.log(`seed ${seed}`);
for (let done = 0, round = 0; done < mutants; done += step, round++) {
  const { accepted, refused, agreed, slowestMs } = runCampaign(Math.min(step, mutants - done), seed + round);
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${done + step} mutants: ${accepted} accepted, ${refused} refused, ${agreed} as the oracle; slowest ${slowestMs.toFixed(1)} ms, ${memory} MB`,
  );
}
