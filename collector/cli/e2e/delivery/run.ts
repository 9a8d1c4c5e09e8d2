// The long run: node collector/cli/e2e/delivery/run.ts [--kills 200] [--overload 60]

import { parseArgs } from "node:util";
import type { Outcome } from "./outcome.ts";
import * as scenarios from "./scenarios.ts";

const { values } = parseArgs({
  options: { kills: { type: "string", default: "200" }, overload: { type: "string", default: "60" } },
});

const runs: Readonly<Record<string, () => Promise<Outcome>>> = {
  "kill -9 under load": () => scenarios.killLoop(Number(values.kills)),
  "SIGTERM with the backend down": scenarios.terminated,
  "backend refuses 70 %": () => scenarios.refusing(50_000),
  "backend away and back": () => scenarios.awayAndBack(50_000),
  ...(scenarios.canMount ? { "disk full": scenarios.fullDisk } : {}),
  "overload under 256 MB": () => scenarios.overload(Number(values.overload)),
  "stuck exporter beside a healthy one": () => scenarios.stuckBeside(50_000),
};

for (const [name, run] of Object.entries(runs)) {
  const startedAt = performance.now();
  const outcome = await run();
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const numbers = Object.entries(outcome).map(([key, value]) => `${key} ${value}`);
  console.log(`${name} (${seconds} s): ${numbers.join(", ")}`);
  if (outcome.lost > 0) process.exitCode = 1;
}
