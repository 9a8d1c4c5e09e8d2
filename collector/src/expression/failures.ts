// What happens with a record that an expression cannot be applied to: `error_mode`, the same for every component.

import { z } from "zod";
import type { Settings } from "../component/index.ts";
import { EvaluationError } from "./errors.ts";

export type ErrorMode = "ignore" | "silent" | "propagate";

/**
 * The OTel Collector's modes with another default: there, `propagate` gives up the batch. Here one odd record (a body that is
 * no JSON) must not cost others, nor itself, unless the user says so.
 */
export const errorMode: z.ZodDefault<z.ZodEnum<{ ignore: "ignore"; silent: "silent"; propagate: "propagate" }>> = z
  .enum(["ignore", "silent", "propagate"])
  .default("ignore");

export interface Failures {
  /** Whether a record that failed is refused instead of going on as it is. */
  readonly refuse: boolean;
  /** Counts it, and says it once for each expression. Throws what is no EvaluationError: that is a bug. */
  note(source: string, error: unknown): void;
}

export function createFailures(settings: Settings, mode: ErrorMode): Failures {
  const said = new Set<string>();
  return {
    refuse: mode === "propagate",
    note(source, error) {
      if (!(error instanceof EvaluationError)) throw error;
      settings.count("expression_errors");
      if (mode === "silent" || said.has(source)) return;
      said.add(source);
      const outcome = mode === "propagate" ? "such records are refused" : "such records go on without it";
      settings.log.warn(`an expression cannot be applied to some records: ${error.message}; ${outcome}`, {
        expression: source,
      });
    },
  };
}
