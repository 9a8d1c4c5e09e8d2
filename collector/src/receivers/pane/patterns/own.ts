// Patterns as a user names and writes them: the sets by name, and patterns of the user's own on a linear-time engine.

import { z } from "zod";
import { ExpressionError } from "../../../expression/errors.ts";
import { compilePattern } from "../../../expression/pattern.ts";

export const patternSetNames = ["fatal", "database", "nextjs", "react", "web", "python", "node", "levels"] as const;
/** In the order in which they are tried: the particular before the general. */
export type PatternSet = (typeof patternSetNames)[number];

export const severityNames = ["debug", "info", "warning", "error", "fatal"] as const;
export type PatternSeverity = (typeof severityNames)[number];

export interface OwnPattern {
  /** Letters, digits and `-`; it becomes `pattern` of the queue's event. */
  readonly name: string;
  /** RE2's syntax. */
  readonly regex: string;
  readonly severity: PatternSeverity;
}

export const ownPatternSchema: z.ZodType<OwnPattern> = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, "expected lower-case letters, digits and -, beginning with a letter"),
  regex: z
    .string()
    .min(1)
    .superRefine((source, context) => {
      try {
        compilePattern(source);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        context.addIssue({ code: "custom", message: error.message });
      }
    }),
  severity: z.enum(severityNames).default("error"),
});
