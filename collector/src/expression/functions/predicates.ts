// Functions that ask something of a value and may stand where a condition is expected.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import type { FunctionDefinition } from "../context.ts";
import { equals, isList, isMap, isNumber, typeOf } from "../values.ts";

/** A string, or a number or bool as it is written; undefined for all others. */
function matchable(value: AnyValue): string | undefined {
  if (typeof value === "string") return value;
  return isNumber(value) || typeof value === "boolean" ? String(value) : undefined;
}

const isMatch: FunctionDefinition = {
  name: "IsMatch",
  usage: 'IsMatch(value, "pattern")',
  arguments: [2, 2],
  gives: "condition",
  create(given) {
    const value = given.value(0);
    const pattern = given.pattern(1);
    return (subject) => {
      const text = matchable(value(subject));
      return text !== undefined && pattern.test(text);
    };
  },
};

const contains: FunctionDefinition = {
  name: "Contains",
  usage: "Contains(value, part)",
  arguments: [2, 2],
  gives: "condition",
  create(given) {
    const value = given.value(0);
    const part = given.value(1);
    return (subject) => {
      const whole = value(subject);
      const wanted = part(subject);
      if (typeof whole === "string") return typeof wanted === "string" && whole.includes(wanted);
      return isList(whole) && whole.some((item) => equals(item, wanted));
    };
  },
};

function edge(name: string, holds: (whole: string, part: string) => boolean): FunctionDefinition {
  return {
    name,
    usage: `${name}(value, part)`,
    arguments: [2, 2],
    gives: "condition",
    create(given) {
      const value = given.value(0);
      const part = given.value(1);
      return (subject) => {
        const whole = value(subject);
        const wanted = part(subject);
        return typeof whole === "string" && typeof wanted === "string" && holds(whole, wanted);
      };
    },
  };
}

function typed(name: string, holds: (value: AnyValue) => boolean): FunctionDefinition {
  return {
    name,
    usage: `${name}(value)`,
    arguments: [1, 1],
    gives: "condition",
    create(given) {
      const value = given.value(0);
      return (subject) => holds(value(subject));
    },
  };
}

export const predicates: readonly FunctionDefinition[] = [
  isMatch,
  contains,
  edge("HasPrefix", (whole, part) => whole.startsWith(part)),
  edge("HasSuffix", (whole, part) => whole.endsWith(part)),
  typed("IsString", (value) => typeof value === "string"),
  typed("IsBool", (value) => typeof value === "boolean"),
  typed("IsInt", (value) => typeOf(value) === "int"),
  typed("IsDouble", (value) => typeOf(value) === "double"),
  typed("IsNumber", isNumber),
  typed("IsBytes", (value) => value instanceof Uint8Array),
  typed("IsMap", isMap),
  typed("IsList", isList),
];
