// Functions that make another type of a value. What cannot be converted is nil, as in OTTL.

import { hash } from "node:crypto";
import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import type { FunctionDefinition } from "../context.ts";
import { EvaluationError } from "../errors.ts";
import { checkSize, emptyMap, isMap, safeInteger, toText, typeOf } from "../values.ts";

/** What ParseJSON gives must fit into a record: its limits of depth and number, less what stands around it. */
const maxParsedDepth = 26;
const maxParsedValues = 8_000;
/** Characters; what is larger has more values than that, or is no log line. JSON.parse takes up to 30 ms for it. */
const maxParsedLength = 262_144;

function convert(name: string, to: (value: AnyValue) => AnyValue): FunctionDefinition {
  return {
    name,
    usage: `${name}(value)`,
    arguments: [1, 1],
    gives: "value",
    create(given) {
      const value = given.value(0);
      return (subject) => to(value(subject));
    },
  };
}

export function toInt(value: AnyValue): AnyValue {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : null;
  // 19 digits are all that an int64 has.
  return typeof value === "string" && /^[+-]?\d{1,19}$/.test(value)
    ? safeInteger(BigInt(value.replace("+", "")))
    : null;
}

export function toDouble(value: AnyValue): AnyValue {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

export function toBool(value: AnyValue): AnyValue {
  if (typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return Number(value) !== 0;
  if (typeof value !== "string") return null;
  const word = value.toLowerCase();
  return word === "true" || word === "1" ? true : word === "false" || word === "0" ? false : null;
}

function lengthOf(value: AnyValue): AnyValue {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  return isMap(value) ? Object.keys(value).length : null;
}

/** Throws EvaluationError for what is no JSON, and for what is too large for a record. */
function parseJson(value: AnyValue): AnyValue {
  if (typeof value !== "string") throw new EvaluationError(`ParseJSON: expected a string, got ${typeOf(value)}`);
  if (value.length > maxParsedLength)
    throw new EvaluationError(`ParseJSON: expected at most ${maxParsedLength} characters`);
  let parsed: AnyValue;
  try {
    parsed = JSON.parse(value) as AnyValue;
  } catch {
    throw new EvaluationError("ParseJSON: the string is no JSON");
  }
  checkSize(parsed, maxParsedDepth, maxParsedValues, (what) => {
    throw new EvaluationError(`ParseJSON: ${what}`);
  });
  return withoutPrototypes(parsed);
}

/** `__proto__` and its kin become keys like any other. */
function withoutPrototypes(value: AnyValue): AnyValue {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (!isMap(value)) return value;
  const map = emptyMap();
  for (const key of Object.keys(value)) map[key] = withoutPrototypes(value[key]!);
  return map;
}

export const conversions: readonly FunctionDefinition[] = [
  convert("Int", toInt),
  convert("Double", toDouble),
  convert("Bool", toBool),
  convert("String", toText),
  convert("Len", lengthOf),
  convert("ParseJSON", parseJson),
  convert("SHA256", (value) => {
    const text = toText(value);
    return text === null ? null : hash("sha256", text);
  }),
];
