// One place where zod's issues become problems: path, what was found, what was expected, the nearest name.

import { z } from "zod";
import { suggestion } from "./nearest.ts";
import { joinPath, type Problem } from "./problems.ts";

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Texts of values that came from the environment with another type, by path in the user's file; see environment.ts. */
export type Texts = ReadonlyMap<string, string>;

const noTexts: Texts = new Map();

/** Parses `value`; `path` is where it stands in the user's file. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, path: string, texts: Texts = noTexts): Parsed<T> {
  const first = schema.safeParse(value);
  if (first.success) return { ok: true, value: first.data };
  const restored = texts.size === 0 ? value : restoreTexts(value, first.error.issues, path, texts);
  const result = restored === value ? first : schema.safeParse(restored);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => toProblems(issue, schema, restored, path)) };
}

/** Where a value of the environment did not fit, its text may: `${env:PIN}` that is 0042 stays "0042" for a string. */
function restoreTexts(value: unknown, issues: readonly z.core.$ZodIssue[], base: string, texts: Texts): unknown {
  return issues.reduce((whole, issue) => {
    const text = texts.get(joinPath(base, issue.path));
    const applies = text !== undefined && (issue.code === "invalid_type" || issue.code === "invalid_union");
    return applies ? replaced(whole, issue.path, text) : whole;
  }, value);
}

/** A copy of `value` with `text` at a path that is there. */
function replaced(value: unknown, [part, ...rest]: readonly PropertyKey[], text: string): unknown {
  if (part === undefined) return text;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<PropertyKey, unknown>;
  copy[part] = replaced(copy[part], rest, text);
  return copy;
}

function toProblems(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown, base: string): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => ({
      path: joinPath(base, [...issue.path, key]),
      message: `unknown key "${key}"${suggestion(key, known)}`,
    }));
  }
  const path = joinPath(base, issue.path);
  if (issue.code === "invalid_type") {
    return [{ path, message: `expected ${nameOf(issue.expected)}, got ${describe(valueAt(value, issue.path))}` }];
  }
  if (issue.code === "invalid_value") {
    const found = describe(valueAt(value, issue.path));
    return [
      { path, message: `expected one of ${issue.values.map((item) => JSON.stringify(item)).join(", ")}, got ${found}` },
    ];
  }
  if (issue.code === "custom") return [{ path, message: issue.message }];
  return [{ path, message: `${issue.message}, got ${describe(valueAt(value, issue.path))}` }];
}

/** zod's names of types in the words of who writes a file. */
function nameOf(type: string): string {
  return ({ record: "a map", object: "a map", array: "a list" } as Record<string, string>)[type] ?? type;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at;
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The keys that an object schema knows at a path, for suggestions. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const part of path) {
    const outer = unwrap(at);
    if (outer instanceof z.ZodObject) at = outer.shape[String(part)];
    else if (outer instanceof z.ZodRecord) at = outer.valueType;
    else at = outer instanceof z.ZodArray ? outer.element : undefined;
  }
  const object = unwrap(at);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return unwrap(schema.def.innerType);
  // `z.preprocess` has its schema behind a transform, `.transform()` before one.
  if (schema instanceof z.ZodPipe)
    return unwrap(schema.def.in instanceof z.ZodTransform ? schema.def.out : schema.def.in);
  return schema;
}
