// The expression language: conditions and statements over log records, close to OTTL. README.md is its reference.

export { type Condition, compileCondition, compileConditionIn } from "./condition.ts";
export { EditableRecord, EditableResource } from "./editable.ts";
export { EvaluationError, ExpressionError } from "./errors.ts";
export { createFailures, type ErrorMode, errorMode, type Failures } from "./failures.ts";
export { createStreamNames } from "./paths.ts";
export { compilePattern, type Pattern, type Range } from "./pattern.ts";
export { compiledText, condition, conditions, pattern } from "./schema.ts";
export {
  type ContextName,
  compileRecordStatement,
  compileResourceStatement,
  contextOfStatement,
  logContext,
  resourceContext,
  type Statement,
} from "./statement.ts";
