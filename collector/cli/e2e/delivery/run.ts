// The long run: pnpm exec node collector/cli/e2e/delivery/run.ts [--kills 200] [--overload 60] [--only NAME]

import { parseArgs } from "node:util";
import { clockJumps, reloaded } from "./changes.ts";
import { canMount, damaged, failingSyncs, fullDisk } from "./disks.ts";
import type { Outcome } from "./outcome.ts";
import { pressed } from "./pressure.ts";
import { awayAndBack, killLoop, overload, refusing, stuckBeside, terminated } from "./scenarios.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    overload: { type: "string", default: "60" },
    only: { type: "string", default: "" },
  },
});

const runs: Readonly<Record<string, () => Promise<Outcome>>> = {
  "kill -9 under load": () => killLoop(Number(values.kills)),
  "SIGTERM with the backend down": terminated,
  "backend refuses 70 %": () => refusing(50_000),
  "backend away and back": () => awayAndBack(50_000),
  ...(canMount ? { "disk full (ENOSPC)": fullDisk } : {}),
  "syncs fail (EIO)": failingSyncs,
  "storage damaged between two lives": () => damaged(10),
  "reloads and kills with the backend down": () => reloaded(30),
  "clock jumps": () => clockJumps(20_000),
  "overload under 256 MB": () => overload(Number(values.overload)),
  "stuck exporter beside a healthy one": () => stuckBeside(50_000),
  "WebSocket clients under pressure": () => pressed(4),
};

for (const [name, run] of Object.entries(runs).filter(([each]) => each.includes(values.only))) {
  const startedAt = performance.now();
  const outcome = await run();
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const numbers = Object.entries(outcome).map(([key, value]) => `${key} ${value}`);
  console.log(`${name} (${seconds} s): ${numbers.join(", ")}`);
  if (outcome.lost > 0) process.exitCode = 1;
}
