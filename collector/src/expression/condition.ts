// A condition over records, compiled once.

import type { LogRecord } from "@chriscode/devmux-telemetry-protocol";
import { createCompiler } from "./compile.ts";
import type { Context } from "./context.ts";
import { functions } from "./functions/index.ts";
import { parseCondition } from "./parse.ts";
import { recordPaths } from "./paths.ts";

export interface Condition<Subject = LogRecord> {
  /** As the user wrote it. */
  readonly source: string;
  /** True where it asks only for what all records of a resource have in common. */
  readonly ofResource: boolean;
  /** Throws EvaluationError where a function in it cannot be applied to the record. */
  matches(subject: Subject): boolean;
}

export function recordContext(): Context<LogRecord> {
  return { subject: "a log record", paths: recordPaths(), functions };
}

/** Throws ExpressionError. */
export function compileCondition(source: string): Condition {
  return compileConditionIn(source, recordContext());
}

/** Throws ExpressionError. */
export function compileConditionIn<Subject>(source: string, context: Context<Subject>): Condition<Subject> {
  const compiler = createCompiler(context);
  const matches = compiler.predicate(parseCondition(source));
  return { source, ofResource: compiler.ofResource, matches };
}
