// A tree into closures over a subject. All that can be wrong without a record is found here.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import { suggestion } from "../config/nearest.ts";
import { type Arguments, createArguments } from "./arguments.ts";
import { constants } from "./constants.ts";
import type { Context, Getter, PathDefinition, Predicate } from "./context.ts";
import { ExpressionError } from "./errors.ts";
import type { Place } from "./place.ts";
import type { CallNode, Key, Node, PathNode } from "./syntax.ts";
import { comparisons, emptyMap, isNumber, valueAt } from "./values.ts";

export interface Compiler<Subject> {
  predicate(node: Node): Predicate<Subject>;
  /** The arguments of a call, after their number has been checked. */
  arguments(call: CallNode, usage: string, counts: readonly [min: number, max: number]): Arguments<Subject>;
  /** Whether everything that was compiled so far reads the resource alone. */
  readonly ofResource: boolean;
}

export function createCompiler<Subject>(context: Context<Subject>): Compiler<Subject> {
  let ofResource = true;
  const scope = { value, target };

  function pathOf(node: PathNode): PathDefinition<Subject> {
    const name = node.name.replace(/^log\./, "");
    const path = context.paths.get(name);
    if (path === undefined) {
      const known = [...context.paths.keys(), ...constants.keys()];
      throw new ExpressionError(
        node.at,
        `unknown path "${node.name}" of ${context.subject}${suggestion(node.name, known)}`,
      );
    }
    ofResource &&= path.ofResource;
    return path;
  }

  function place(node: PathNode): Place<Subject> {
    return node.keys.reduce((outer, key) => outer.at(key), pathOf(node).place);
  }

  function target(node: Node): Place<Subject> {
    if (node.kind !== "path") throw new ExpressionError(node.at, "expected a path");
    const found = place(node);
    if (found.readOnly !== undefined)
      throw new ExpressionError(node.at, `${found.text} cannot be written: ${found.readOnly}`);
    return found;
  }

  function value(node: Node): Getter<Subject> {
    switch (node.kind) {
      case "literal": {
        const constant = node.value;
        return () => constant;
      }
      case "path":
        return path(node);
      case "call":
        return call(node);
      case "list": {
        const items = node.items.map(value);
        return (subject) => items.map((item) => item(subject));
      }
      case "map": {
        const entries = node.entries.map(([key, item]) => [key, value(item)] as const);
        return (subject) => {
          const map = emptyMap();
          for (const [key, item] of entries) map[key] = item(subject);
          return map;
        };
      }
      default:
        return predicate(node);
    }
  }

  function path(node: PathNode): Getter<Subject> {
    const constant = node.keys.length === 0 ? constants.get(node.name) : undefined;
    if (constant !== undefined) return () => constant;
    return place(node).get;
  }

  function call(node: CallNode): Getter<Subject> {
    const definition = context.functions.get(node.name);
    if (definition === undefined) {
      const known = [...context.functions.keys()];
      throw new ExpressionError(node.at, `unknown function "${node.name}"${suggestion(node.name, known)}`);
    }
    const get = definition.create(argumentsOf(node, definition.usage, definition.arguments));
    return node.keys.reduce<Getter<Subject>>((inner, key) => keyed(inner, key), get);
  }

  function argumentsOf(node: CallNode, usage: string, [min, max]: readonly [number, number]): Arguments<Subject> {
    const { length } = node.arguments;
    if (length < min || length > max) {
      const count = min === max ? `${min}` : `${min} to ${max}`;
      throw new ExpressionError(
        node.at,
        `${node.name} takes ${count} argument${max === 1 ? "" : "s"}, got ${length}; write ${usage}`,
      );
    }
    return createArguments(node.arguments, node.at, usage, scope);
  }

  function predicate(node: Node): Predicate<Subject> {
    switch (node.kind) {
      case "and":
      case "or":
        return joined(node.kind, node.operands.map(predicate));
      case "not": {
        const operand = predicate(node.operand);
        return (subject) => !operand(subject);
      }
      case "compare": {
        checkTypes(node.left, node.right, context);
        checkTypes(node.right, node.left, context);
        const left = value(node.left);
        const right = value(node.right);
        const compare = comparisons[node.operator];
        return (subject) => compare(left(subject), right(subject));
      }
      case "literal":
        if (typeof node.value === "boolean") return () => node.value === true;
        throw notACondition(node.at, "a literal");
      case "call": {
        const get = call(node);
        const gives = context.functions.get(node.name)?.gives;
        if (gives !== "condition" || node.keys.length > 0) throw notACondition(node.at, `the value of ${node.name}`);
        return (subject) => get(subject) === true;
      }
      case "path":
        place(node);
        throw notACondition(node.at, `the path ${node.name}`);
      default:
        throw notACondition(node.at, `a ${node.kind}`);
    }
  }

  return {
    predicate,
    arguments: argumentsOf,
    get ofResource() {
      return ofResource;
    },
  };
}

function joined<Subject>(kind: "and" | "or", operands: readonly Predicate<Subject>[]): Predicate<Subject> {
  const [first, second] = operands;
  if (operands.length === 2 && first && second) {
    return kind === "and"
      ? (subject) => first(subject) && second(subject)
      : (subject) => first(subject) || second(subject);
  }
  if (kind === "and") return (subject) => operands.every((operand) => operand(subject));
  return (subject) => operands.some((operand) => operand(subject));
}

function keyed<Subject>(get: Getter<Subject>, key: Key): Getter<Subject> {
  return (subject) => valueAt(get(subject), key);
}

function notACondition(at: number, what: string): ExpressionError {
  return new ExpressionError(at, `expected a condition, got ${what}; compare it, for example with != nil`);
}

/** A comparison that can never hold is a slip: a path of one type beside a literal of another. */
function checkTypes<Subject>(path: Node, literal: Node, { paths }: Context<Subject>): void {
  if (path.kind !== "path" || path.keys.length > 0 || literal.kind !== "literal" || literal.value === null) return;
  const type = paths.get(path.name.replace(/^log\./, ""))?.type ?? "any";
  const found: AnyValue = literal.value;
  if (type === "any" || (type === "number" ? isNumber(found) : typeof found === "string")) return;
  const hint = path.name.endsWith("severity_number") ? "; write SEVERITY_NUMBER_ERROR and the like" : "";
  const what = `${path.name} is a ${type} and never equals ${JSON.stringify(found)}`;
  throw new ExpressionError(literal.at, `expected a ${type}: ${what}${hint}`);
}
