// Options of the transform processor.

import { z } from "zod";
import { errorMode } from "../../expression/index.ts";
import { compileGroup, type Group } from "./group.ts";

export interface TransformConfig {
  readonly groups: readonly Group[];
}

const group = z.strictObject({
  /** Without one, the target of the first statement says it: `resource.attributes` is a resource's, all else a record's. */
  context: z.enum(["log", "resource"]).optional(),
  /** One of them must match, asked before the first statement; none: always. */
  conditions: z.array(z.string()).default([]),
  /** Run in order, each over what the one before left. */
  statements: z.array(z.string()).min(1, "expected at least one statement"),
  /** In place of the processor's. */
  error_mode: errorMode.unwrap().optional(),
});

const compiledGroup = group.transform((written, issues) => {
  const { compiled, problems } = compileGroup(written);
  for (const { path, message } of problems) issues.addIssue({ code: "custom", message, path: [...path] });
  return problems.length > 0 ? z.NEVER : compiled;
});

export const transformConfig: z.ZodType<TransformConfig> = z
  .strictObject({
    /** Run in order. A statement by itself is a group of one. */
    log_statements: z
      .array(z.preprocess((item) => (typeof item === "string" ? { statements: [item] } : item), compiledGroup))
      .prefault([]),
    error_mode: errorMode,
  })
  .transform(({ log_statements, error_mode }) => ({
    groups: log_statements.map((compiled) => ({ ...compiled, errorMode: compiled.errorMode ?? error_mode })),
  }));
