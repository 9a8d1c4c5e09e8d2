// Options of the probabilistic_sampler processor.

import { ATTR_LOG_RECORD_UID } from "@chriscode/devmux-telemetry-protocol";
import { z } from "zod";
import { type Condition, conditions, type ErrorMode, errorMode } from "../../expression/index.ts";

export interface SamplerConfig {
  readonly percentage: number;
  readonly seed: number;
  readonly source: "traceID" | "record";
  readonly fromAttribute: string;
  /** Attribute whose value is the percentage for its record. */
  readonly priorityAttribute: string | undefined;
  readonly failClosed: boolean;
  readonly conditions: readonly Condition[];
  readonly errorMode: ErrorMode;
}

export const samplerConfig: z.ZodType<SamplerConfig> = z
  .strictObject({
    /** All, until you say otherwise: a processor that was only named must not lose records. */
    sampling_percentage: z.number().nonnegative().default(100),
    /** Collectors that are to decide alike need the same one. */
    hash_seed: z.int().nonnegative().max(0xffffffff).default(0),
    /** The OTel Collector's other modes need a threshold that came with the record; no client here sets one. */
    mode: z.enum(["hash_seed"]).default("hash_seed"),
    /** What belongs to one trace stays together. */
    attribute_source: z.enum(["traceID", "record"]).default("traceID"),
    /** Most records of a browser are in no trace; their uid is chance enough. */
    from_attribute: z.string().min(1).default(ATTR_LOG_RECORD_UID),
    sampling_priority: z.string().min(1).optional(),
    /** A record with neither trace nor attribute passes: better one too many than one that is missed. */
    fail_closed: z.boolean().default(false),
    conditions: conditions(),
    error_mode: errorMode,
  })
  .transform((config) => ({
    percentage: config.sampling_percentage,
    seed: config.hash_seed,
    source: config.attribute_source,
    fromAttribute: config.from_attribute,
    priorityAttribute: config.sampling_priority,
    failClosed: config.fail_closed,
    conditions: config.conditions,
    errorMode: config.error_mode,
  }));
