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

/** What statements over records, and the conditions of their group, can see. */
export function logContext(): Context<EditableRecord> {
  return { subject: "a log record", paths: editableRecordPaths(), functions };
}

export function resourceContext(): Context<EditableResource> {
  return { subject: "a resource", paths: editableResourcePaths(), functions };
}

/** What the target of a statement says: `resource.attributes` is a resource's, all else a record's. Throws ExpressionError. */
export function contextOfStatement(source: string): ContextName {
  const target = parseStatement(source).call.arguments[0];
  return target?.kind === "path" && target.name.startsWith("resource.") ? "resource" : "log";
}

/** Throws ExpressionError. */
export function compileRecordStatement(source: string): Statement<EditableRecord> {
  return compile(source, logContext());
}

/** Throws ExpressionError. */
export function compileResourceStatement(source: string): Statement<EditableResource> {
  return compile(source, resourceContext());
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
