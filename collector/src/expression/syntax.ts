// The tree of an expression, as parse.ts makes it and compile.ts reads it. `at` is where a node begins in the text.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";

/** What stands in brackets: a key of a map, or the index of a list. */
export type Key = string | number;

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

export type Node =
  | { readonly kind: "literal"; readonly value: AnyValue; readonly at: number }
  | { readonly kind: "list"; readonly items: readonly Node[]; readonly at: number }
  | { readonly kind: "map"; readonly entries: readonly (readonly [string, Node])[]; readonly at: number }
  | PathNode
  | CallNode
  | {
      readonly kind: "compare";
      readonly operator: Comparison;
      readonly left: Node;
      readonly right: Node;
      readonly at: number;
    }
  | { readonly kind: "not"; readonly operand: Node; readonly at: number }
  | { readonly kind: "and" | "or"; readonly operands: readonly Node[]; readonly at: number };

/** `resource.attributes["k"][0]`: name `resource.attributes`, keys `k` and 0. */
export interface PathNode {
  readonly kind: "path";
  readonly name: string;
  readonly keys: readonly Key[];
  readonly at: number;
}

export interface CallNode {
  readonly kind: "call";
  readonly name: string;
  readonly arguments: readonly Node[];
  /** `ParseJSON(body)["a"]` */
  readonly keys: readonly Key[];
  readonly at: number;
}

export interface StatementNode {
  readonly call: CallNode;
  readonly where: Node | undefined;
}
