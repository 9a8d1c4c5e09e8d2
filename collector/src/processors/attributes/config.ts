// Options of the attributes processor.

import { z } from "zod";
import { type Condition, conditions, type ErrorMode, errorMode } from "../../expression/index.ts";
import { type Action, actionSchema } from "../actions/config.ts";

export interface AttributesConfig {
  readonly actions: readonly Action[];
  readonly conditions: readonly Condition[];
  readonly errorMode: ErrorMode;
}

export const attributesConfig: z.ZodType<AttributesConfig> = z
  .strictObject({
    /** Run in order, each over what the one before left. */
    actions: z.array(actionSchema).prefault([]),
    /** One of them must match; none: every record. In place of the OTel Collector's include and exclude. */
    conditions: conditions(),
    error_mode: errorMode,
  })
  .transform(({ actions, conditions, error_mode }) => ({ actions, conditions, errorMode: error_mode }));
