// Options of the filter processor.

import { z } from "zod";
import { type Condition, conditions, type ErrorMode, errorMode } from "../../expression/index.ts";

/** One condition with the name under which what it drops is counted. */
export interface Rule {
  readonly name: string;
  readonly condition: Condition;
}

export interface FilterConfig {
  readonly rules: readonly Rule[];
  readonly errorMode: ErrorMode;
}

export const filterConfig: z.ZodType<FilterConfig> = z
  .strictObject({
    /** A record that one of these matches is dropped. None: a filter that says nothing drops nothing. */
    log_conditions: conditions(),
    /** The older form of the same. */
    logs: z.strictObject({ log_record: conditions() }).prefault({}),
    error_mode: errorMode,
  })
  .transform(({ log_conditions, logs, error_mode }) => ({
    rules: [...named("log_conditions", log_conditions), ...named("logs.log_record", logs.log_record)],
    errorMode: error_mode,
  }));

function named(key: string, list: readonly Condition[]): Rule[] {
  return list.map((condition, index) => ({ name: `${key}[${index}]`, condition }));
}
