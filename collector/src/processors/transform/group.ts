// A group of statements over the same subject, with the conditions that they have in common.

import {
  type Condition,
  type ContextName,
  compileConditionIn,
  compileRecordStatement,
  compileResourceStatement,
  contextOfStatement,
  type EditableRecord,
  type EditableResource,
  type ErrorMode,
  ExpressionError,
  logContext,
  resourceContext,
  type Statement,
} from "../../expression/index.ts";

export interface WrittenGroup {
  readonly context?: ContextName | undefined;
  readonly conditions: readonly string[];
  readonly statements: readonly string[];
  readonly error_mode?: ErrorMode | undefined;
}

interface GroupOf<Name extends ContextName, Subject> {
  readonly context: Name;
  readonly conditions: readonly Condition<Subject>[];
  readonly statements: readonly Statement<Subject>[];
  readonly errorMode: ErrorMode | undefined;
}

export type Group = GroupOf<"log", EditableRecord> | GroupOf<"resource", EditableResource>;

export interface GroupProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Compiles all of a group, and says all that is wrong with it. */
export function compileGroup(written: WrittenGroup): { compiled: Group; problems: readonly GroupProblem[] } {
  const problems: GroupProblem[] = [];

  function each<T>(key: "conditions" | "statements", compile: (source: string) => T): T[] {
    return written[key].flatMap((source, index) => {
      try {
        return [compile(source)];
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        problems.push({ path: [key, index], message: error.message });
        return [];
      }
    });
  }

  const context = written.context ?? contextOf(written.statements[0]!);
  const errorMode = written.error_mode;
  const compiled: Group =
    context === "log"
      ? {
          context,
          errorMode,
          conditions: each("conditions", (source) => compileConditionIn(source, logContext())),
          statements: each("statements", compileRecordStatement),
        }
      : {
          context,
          errorMode,
          conditions: each("conditions", (source) => compileConditionIn(source, resourceContext())),
          statements: each("statements", compileResourceStatement),
        };
  return { compiled, problems };
}

/** What cannot be read says so when it is compiled. */
function contextOf(statement: string): ContextName {
  try {
    return contextOfStatement(statement);
  } catch {
    return "log";
  }
}
