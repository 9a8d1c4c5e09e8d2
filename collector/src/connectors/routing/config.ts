// Options of the routing connector.

import { z } from "zod";
import { type Condition, condition, type ErrorMode, errorMode } from "../../expression/index.ts";

export interface RouteRule {
  readonly condition: Condition;
  readonly pipelines: readonly string[];
  /** `move`: what matches goes nowhere else. `copy`: the rules behind it are asked as well. */
  readonly action: "move" | "copy";
}

export interface RoutingConfig {
  readonly table: readonly RouteRule[];
  readonly defaultPipelines: readonly string[];
  readonly errorMode: ErrorMode;
}

const pipelines = z.array(z.string().min(1));

export const routingConfig: z.ZodType<RoutingConfig> = z
  .strictObject({
    /** Asked in order; the first that matches takes the record. */
    table: z
      .array(
        z.strictObject({
          condition: condition(),
          pipelines: pipelines.min(1, "expected at least one pipeline"),
          action: z.enum(["move", "copy"]).default("move"),
        }),
      )
      .prefault([]),
    /** For what no rule takes; without any, that is dropped and counted. */
    default_pipelines: pipelines.default([]),
    error_mode: errorMode,
  })
  .transform(({ table, default_pipelines, error_mode }) => ({
    table,
    defaultPipelines: default_pipelines,
    errorMode: error_mode,
  }));
