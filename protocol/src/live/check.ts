// The words in which a message is refused: the path, what was expected, what was there instead.

import type { ErrorCode } from "./errors.ts";
import { errorCodes } from "./errors.ts";
import type { ErrorPayload } from "./messages.ts";

export interface Fault extends ErrorPayload {
  readonly code: ErrorCode;
}

/** A message as it came, before anything is known about it. */
export type Fields = { readonly [key: string]: unknown };

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `payload.severityNumber: expected an integer from 0 to 24, got "high"` */
export function wrong(path: string, expected: string, got: unknown): Fault {
  return { code: errorCodes.badMessage, error: `${path}: expected ${expected}, got ${describe(got)}` };
}

/** A value in a few words, for an error's text: at most 60 characters, whatever it is. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string")
    return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))}…` : JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Absent and null are the same: a JSON writer of another language has no `undefined`. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

export function optionalString(path: string, value: unknown): Fault | undefined {
  return isAbsent(value) || typeof value === "string" ? undefined : wrong(path, "a string", value);
}

export function optionalCount(path: string, value: unknown): Fault | undefined {
  return isAbsent(value) || isCount(value) ? undefined : wrong(path, "an integer from 0", value);
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && Number.isSafeInteger(value);
}

/** True where `value` has arrays or objects in more than `levels` levels. Recursion is bounded by `levels`. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (isDeeper(value[index], levels - 1)) return true;
    return false;
  }
  for (const key in value) if (isDeeper((value as Fields)[key], levels - 1)) return true;
  return false;
}

/** Number of attributes and depth of each value. */
export function checkAttributes(
  path: string,
  value: Fields,
  maxAttributes: number,
  maxDepth: number,
): Fault | undefined {
  let count = 0;
  for (const key in value) {
    if (++count > maxAttributes) {
      return {
        code: errorCodes.tooManyAttributes,
        error: `${path}: expected at most ${maxAttributes} attributes, got more`,
      };
    }
    if (isDeeper(value[key], maxDepth)) return deep(`${path}[${describe(key)}]`, maxDepth);
  }
  return undefined;
}

export function deep(path: string, maxDepth: number): Fault {
  return {
    code: errorCodes.tooDeep,
    error: `${path}: expected at most ${maxDepth} levels of objects and arrays, got more`,
  };
}
