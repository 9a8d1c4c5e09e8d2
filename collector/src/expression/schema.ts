// Expressions in a configuration: checked and compiled while it is read, so that what is wrong is in the one report.

import { z } from "zod";
import { type Condition, compileCondition } from "./condition.ts";
import { ExpressionError } from "./errors.ts";
import { compilePattern, type Pattern } from "./pattern.ts";

type TextTo<T> = z.ZodPipe<z.ZodString, z.ZodTransform<T, string>>;

/** Runs a compiler over a text; what it throws becomes an issue of the schema. */
export function compiledText<T>(compile: (source: string) => T): TextTo<T> {
  return z.string().transform((source, context) => {
    try {
      return compile(source);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}

/** A condition over log records. */
export function condition(): TextTo<Condition> {
  return compiledText(compileCondition);
}

/** A list of conditions of which one must hold; none by default. */
export function conditions(): z.ZodPrefault<z.ZodArray<TextTo<Condition>>> {
  return z.array(condition()).prefault([]);
}

/** A regular expression in RE2's syntax. */
export function pattern(): TextTo<Pattern> {
  return compiledText(compilePattern);
}
