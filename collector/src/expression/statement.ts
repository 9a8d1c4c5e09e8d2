// A statement: a function that changes a record or a resource, and the condition under which it does.

import { suggestion } from "../config/nearest.ts";
import { createCompiler } from "./compile.ts";
import type { Context } from "./context.ts";
import type { EditableRecord, EditableResource } from "./editable.ts";
import { editors } from "./editors/index.ts";
import { ExpressionError } from "./errors.ts";
import { functions } from "./functions/index.ts";
import { parseStatement } from "./parse.ts";
import { editableRecordPaths, editableResourcePaths } from "./writable-paths.ts";

/** `log`: once for each record. `resource`: once for each resource, which the records that share it have in common. */
export type ContextName = "log" | "resource";

export interface Statement<Subject> {
  /** As the user wrote it. */
  readonly source: string;
  /** Throws EvaluationError, before it has changed anything. */
  run(subject: Subject): void;
}

export type CompiledStatement =
  | { readonly context: "log"; readonly statement: Statement<EditableRecord> }
  | { readonly context: "resource"; readonly statement: Statement<EditableResource> };

/** What statements over records, and the conditions of their group, can see. */
export function logContext(): Context<EditableRecord> {
  return { subject: "a log record", paths: editableRecordPaths(), functions };
}

export function resourceContext(): Context<EditableResource> {
  return { subject: "a resource", paths: editableResourcePaths(), functions };
}

/** Without a context it is taken from the target: `resource.attributes` is a resource's. Throws ExpressionError. */
export function compileStatement(source: string, context?: ContextName): CompiledStatement {
  const target = parseStatement(source).call.arguments[0];
  const inferred = target?.kind === "path" && /^resource\./.test(target.name) ? "resource" : "log";
  if ((context ?? inferred) === "resource")
    return { context: "resource", statement: compile(source, resourceContext()) };
  return { context: "log", statement: compile(source, logContext()) };
}

function compile<Subject>(source: string, context: Context<Subject>): Statement<Subject> {
  const compiler = createCompiler(context);
  const { call, where } = parseStatement(source);
  const editor = editors.get(call.name);
  if (editor === undefined) {
    const known = [...editors.keys()];
    const misused = functions.has(call.name)
      ? `"${call.name}" gives a value and changes nothing; write set(path, ${call.name}(…))`
      : `unknown function "${call.name}"${suggestion(call.name, known)}`;
    throw new ExpressionError(call.at, misused);
  }
  const run = editor.create(compiler.arguments(call, editor.usage, editor.arguments));
  if (where === undefined) return { source, run };
  const holds = compiler.predicate(where);
  return {
    source,
    run: (subject) => {
      if (holds(subject)) run(subject);
    },
  };
}
