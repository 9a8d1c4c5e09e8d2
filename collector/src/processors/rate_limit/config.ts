// Options of the rate_limit processor.

import { z } from "zod";
import { duration } from "../../component/index.ts";
import { type Condition, conditions, type ErrorMode, errorMode } from "../../expression/index.ts";

export interface RateLimitConfig {
  readonly recordsPerSecond: number;
  readonly burst: number;
  readonly reportIntervalMs: number;
  readonly maxStreams: number;
  readonly conditions: readonly Condition[];
  readonly errorMode: ErrorMode;
}

/** A page that loads logs for a second or two what it does not log in the minutes after. */
const burstSeconds = 5;

export const rateLimitConfig: z.ZodType<RateLimitConfig> = z
  .strictObject({
    /** For each stream. Nobody reads more; a loop that logs without end writes a hundred times as much. */
    records_per_second: z.number().positive().default(1_000),
    /** Records that may come at once after silence. */
    burst: z.int().positive().optional(),
    /** How often a stream is told what it lost: often enough to see it where it happens. */
    report_interval: duration("10s").refine((ms) => ms >= 100, "expected at least 100ms"),
    /** The engine's own bound of streams; those past it share one limit. */
    max_streams: z.int().positive().max(100_000).default(256),
    conditions: conditions(),
    error_mode: errorMode,
  })
  .transform((config) => ({
    recordsPerSecond: config.records_per_second,
    burst: config.burst ?? Math.max(1, Math.ceil(config.records_per_second * burstSeconds)),
    reportIntervalMs: config.report_interval,
    maxStreams: config.max_streams,
    conditions: config.conditions,
    errorMode: config.error_mode,
  }));
