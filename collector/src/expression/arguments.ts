// The arguments of a call, each asked for in the form that its function needs. What does not fit is said with its column.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import type { Getter } from "./context.ts";
import { ExpressionError } from "./errors.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import type { Place } from "./place.ts";
import type { Node } from "./syntax.ts";

export interface Arguments<Subject> {
  readonly count: number;
  /** Column of an argument (or, past the last, of the call), from 0. */
  place(index: number): number;
  /** Any expression. */
  value(index: number): Getter<Subject>;
  /** A place that can be written. */
  target(index: number): Place<Subject>;
  /** A text in quotes. */
  text(index: number, what?: string): string;
  /** One of some texts in quotes. */
  choice<Word extends string>(index: number, words: readonly Word[]): Word;
  /** A pattern in quotes, compiled. */
  pattern(index: number): Pattern;
  /** A whole number that is not negative. */
  integer(index: number): number;
  /** A list of texts in quotes. */
  texts(index: number): readonly string[];
  /** The expressions of a list. */
  list(index: number): readonly Getter<Subject>[];
}

/** What the compiler lends to arguments. */
export interface Scope<Subject> {
  value(node: Node): Getter<Subject>;
  target(node: Node): Place<Subject>;
}

export function createArguments<Subject>(
  nodes: readonly Node[],
  callAt: number,
  usage: string,
  scope: Scope<Subject>,
): Arguments<Subject> {
  const nodeAt = (index: number): Node => nodes[index]!;
  const placeOf = (index: number) => nodes[index]?.at ?? callAt;

  function wrong(index: number, expected: string): ExpressionError {
    return new ExpressionError(placeOf(index), `expected ${expected} as argument ${index + 1}; write ${usage}`);
  }

  function text(index: number, what = "a text in quotes"): string {
    const node = nodeAt(index);
    if (node.kind === "literal" && typeof node.value === "string") return node.value;
    throw wrong(index, what);
  }

  function items(index: number, what: string): readonly Node[] {
    const node = nodeAt(index);
    if (node.kind === "list") return node.items;
    throw wrong(index, what);
  }

  return {
    count: nodes.length,
    place: placeOf,
    value: (index) => scope.value(nodeAt(index)),
    target(index) {
      if (nodeAt(index).kind !== "path") throw wrong(index, "a path");
      return scope.target(nodeAt(index));
    },
    text,
    choice(index, words) {
      const word = text(index);
      const known = words.find((one) => one === word);
      if (known === undefined) throw wrong(index, `one of ${words.map((one) => `"${one}"`).join(", ")}`);
      return known;
    },
    pattern: (index) => compilePattern(text(index, "a pattern in quotes"), placeOf(index)),
    integer(index) {
      const node = nodeAt(index);
      const value: AnyValue = node.kind === "literal" ? node.value : null;
      if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
      throw wrong(index, "a whole number");
    },
    texts: (index) =>
      items(index, 'a list of texts such as ["a", "b"]').map((node) => {
        if (node.kind === "literal" && typeof node.value === "string") return node.value;
        throw new ExpressionError(node.at, `expected a text in quotes; write ${usage}`);
      }),
    list: (index) => items(index, "a list such as [body, severity_text]").map(scope.value),
  };
}
