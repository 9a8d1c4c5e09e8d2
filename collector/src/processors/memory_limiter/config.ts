// Options of the memory_limiter processor.

import { totalmem } from "node:os";
import { z } from "zod";
import { duration } from "../../component/index.ts";

export interface MemoryLimiterConfig {
  readonly checkIntervalMs: number;
  /** Above it the collector's garbage is collected at every check. */
  readonly hardBytes: number;
  /** Above it batches are turned back. */
  readonly softBytes: number;
}

const mebibyte = 1_048_576;
/**
 * Node itself takes about 55 MB beside what is measured, so that the process stays under 256 MB: what a development machine
 * spares without a thought.
 */
const defaultLimitMib = 200;
/** The OTel Collector's: what may come in between two checks. */
const defaultSpikeShare = 0.2;

export const memoryLimiterConfig: z.ZodType<MemoryLimiterConfig> = z
  .strictObject({
    /** The OTel Collector's advice. Checked earlier where much has come in since. */
    check_interval: duration("1s").refine((ms) => ms >= 10, "expected at least 10ms"),
    limit_mib: z.number().positive().optional(),
    spike_limit_mib: z.number().nonnegative().optional(),
    /** Of the machine's memory, or the container's. */
    limit_percentage: z.number().positive().max(100).optional(),
    spike_limit_percentage: z.number().nonnegative().max(100).optional(),
  })
  .transform((config, context) => {
    const limit = bytesOf(config.limit_mib, config.limit_percentage) ?? defaultLimitMib * mebibyte;
    const spike = bytesOf(config.spike_limit_mib, config.spike_limit_percentage) ?? limit * defaultSpikeShare;
    if (spike < limit)
      return { checkIntervalMs: config.check_interval, hardBytes: limit, softBytes: Math.floor(limit - spike) };
    const mib = (bytes: number) => `${Math.round(bytes / mebibyte)} MiB`;
    context.addIssue({
      code: "custom",
      message: `expected a spike limit below the limit of ${mib(limit)}, got ${mib(spike)}`,
      path: [config.spike_limit_mib === undefined ? "spike_limit_percentage" : "spike_limit_mib"],
    });
    return z.NEVER;
  });

/** What is given in MiB wins over a percentage, as in the OTel Collector. */
function bytesOf(mib: number | undefined, percentage: number | undefined): number | undefined {
  if (mib !== undefined) return mib * mebibyte;
  return percentage === undefined ? undefined : (percentage / 100) * availableBytes();
}

function availableBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
