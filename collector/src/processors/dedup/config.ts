// Options of the dedup processor.

import { z } from "zod";
import { duration, size } from "../../component/index.ts";
import { type Condition, conditions, type ErrorMode, errorMode } from "../../expression/index.ts";

export interface DedupConfig {
  readonly intervalMs: number;
  readonly countAttribute: string;
  /** Attributes that do not make a record another one. */
  readonly excluded: ReadonlySet<string>;
  readonly conditions: readonly Condition[];
  readonly errorMode: ErrorMode;
  readonly maxEntries: number;
  readonly maxBytes: number;
}

const field = /^attributes\.(.+)$/s;

export const dedupConfig: z.ZodType<DedupConfig> = z
  .strictObject({
    /** The OTel Collector's. Longer hides for longer that something still happens, shorter tells it more often. */
    interval: duration("10s").refine((ms) => ms >= 100, "expected at least 100ms"),
    log_count_attribute: z.string().min(1).default("log_count"),
    /** Times and trace are never compared. A client gives each record a uid of its own. */
    exclude_fields: z
      .array(z.string().regex(field, "expected attributes.<key>, such as attributes.log.record.uid"))
      .default(["attributes.log.record.uid"]),
    /** Only records that one of these matches are compared; none: every record. */
    conditions: conditions(),
    error_mode: errorMode,
    /** Different records that are remembered at a time: far more than a developer reads in ten seconds. */
    max_entries: z.int().positive().max(1_000_000).default(10_000),
    /** What they and their last repeats may take; past it the oldest is told early. */
    max_size: size("16MiB").refine((bytes) => bytes >= 65_536, "expected at least 64KiB"),
  })
  .transform((config) => ({
    intervalMs: config.interval,
    countAttribute: config.log_count_attribute,
    excluded: new Set(config.exclude_fields.map((name) => field.exec(name)![1]!)),
    conditions: config.conditions,
    errorMode: config.error_mode,
    maxEntries: config.max_entries,
    maxBytes: config.max_size,
  }));
