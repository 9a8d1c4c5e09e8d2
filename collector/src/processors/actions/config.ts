// The actions of the attributes and the resource processor: the same list in both, named as the OTel Collector's.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import { z } from "zod";
import { compilePattern, ExpressionError, type Pattern } from "../../expression/index.ts";
import type { ConvertedType } from "./convert.ts";

export type ValueSource = { readonly value: AnyValue } | { readonly fromAttribute: string };
/** One attribute, or all whose key a pattern is found in. */
export type KeySelection = { readonly key: string } | { readonly pattern: Pattern };

export type Action =
  | { readonly kind: "insert" | "update" | "upsert"; readonly key: string; readonly source: ValueSource }
  | { readonly kind: "delete" | "hash"; readonly keys: KeySelection }
  | { readonly kind: "extract"; readonly key: string; readonly pattern: Pattern }
  | { readonly kind: "convert"; readonly key: string; readonly to: ConvertedType };

const names = ["insert", "update", "upsert", "delete", "hash", "extract", "convert"] as const;

const written = z.strictObject({
  action: z.enum(names),
  key: z.string().min(1).optional(),
  pattern: z.string().optional(),
  /** Any JSON. */
  value: z.unknown().optional(),
  from_attribute: z.string().min(1).optional(),
  converted_type: z.enum(["int", "double", "string", "boolean"]).optional(),
});

type Written = z.infer<typeof written>;
type Key = Exclude<keyof Written, "action">;

/** What each action takes: all of `needs`, one of `one`, and nothing else. */
const shapes: Readonly<Record<(typeof names)[number], { needs: readonly Key[]; one: readonly Key[] }>> = {
  insert: { needs: ["key"], one: ["value", "from_attribute"] },
  update: { needs: ["key"], one: ["value", "from_attribute"] },
  upsert: { needs: ["key"], one: ["value", "from_attribute"] },
  delete: { needs: [], one: ["key", "pattern"] },
  hash: { needs: [], one: ["key", "pattern"] },
  extract: { needs: ["key", "pattern"], one: [] },
  convert: { needs: ["key", "converted_type"], one: [] },
};

/** Reads one action; what is missing or superfluous is said with the action's own keys. */
export const actionSchema: z.ZodType<Action> = written.transform((action, context) => {
  if (context.issues.length > 0) return z.NEVER;
  const problem = problemOf(action);
  const pattern = action.pattern === undefined ? undefined : compiled(action.pattern);
  const wrong = problem ?? (typeof pattern === "string" ? pattern : undefined);
  if (wrong === undefined) return toAction(action, pattern as Pattern | undefined);
  const at = problem === undefined ? ["pattern"] : [];
  context.addIssue({ code: "custom", message: wrong, path: at });
  return z.NEVER;
});

function problemOf(action: Written): string | undefined {
  const { needs, one } = shapes[action.action];
  const given = (Object.keys(action) as (keyof Written)[]).filter(
    (key): key is Key => key !== "action" && action[key] !== undefined,
  );
  const expected = [...needs, ...(one.length > 0 ? [`one of ${one.join(" and ")}`] : [])].join(", ");
  const complete =
    needs.every((key) => given.includes(key)) &&
    (one.length === 0 || one.filter((key) => given.includes(key)).length === 1);
  const superfluous = given.filter((key) => !needs.includes(key) && !one.includes(key));
  if (complete && superfluous.length === 0) return undefined;
  return `the action ${action.action} takes ${expected}; got ${given.length === 0 ? "none of them" : given.join(", ")}`;
}

function compiled(source: string): Pattern | string {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}

function toAction(action: Written, pattern: Pattern | undefined): Action {
  const key = action.key ?? "";
  switch (action.action) {
    case "insert":
    case "update":
    case "upsert": {
      const { from_attribute: from } = action;
      const source = from === undefined ? { value: (action.value ?? null) as AnyValue } : { fromAttribute: from };
      return { kind: action.action, key, source };
    }
    case "delete":
    case "hash":
      return { kind: action.action, keys: pattern === undefined ? { key } : { pattern } };
    case "extract":
      return { kind: "extract", key, pattern: pattern! };
    case "convert":
      return { kind: "convert", key, to: action.converted_type! };
  }
}
