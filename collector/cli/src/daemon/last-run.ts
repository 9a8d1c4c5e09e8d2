// <stateDir>/last-run.json: how the last collector of this directory ended, for `stop` and `status`.

import { join } from "node:path";
import { type PrivateJson, readPrivateJson, writePrivateJson } from "@chriscode/devmux-telemetry-server/files";
import { z } from "zod";
import type { Totals } from "./totals.ts";

export interface LastRun {
  readonly instanceId: string;
  readonly version: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly stoppedAt: number;
  /** `SIGTERM`, `SIGINT`, `stop` (asked over HTTP) … */
  readonly reason: string;
  readonly totals: Totals;
}

const count = z.int().nonnegative();
const lastRunSchema: z.ZodType<LastRun> = z.object({
  instanceId: z.string(),
  version: z.string(),
  startedAt: z.number(),
  stoppedAt: z.number(),
  reason: z.string(),
  totals: z.object({
    accepted: count,
    exporters: z.array(
      z.object({ id: z.string(), sent: count, kept: count.default(0), lost: z.record(z.string(), count) }),
    ),
  }),
});

export function writeLastRun(stateDir: string, lastRun: LastRun): void {
  writePrivateJson(join(stateDir, "last-run.json"), lastRun);
}

export function readLastRun(stateDir: string): PrivateJson<LastRun> {
  return readPrivateJson(join(stateDir, "last-run.json"), lastRunSchema);
}
