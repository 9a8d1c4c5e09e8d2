// What a row of the survival table is: calls of the console, and what arrives of them. Runs in any engine.

import type { ConsoleMethod } from "../../capture/methods.ts";

export type Call = readonly [method: ConsoleMethod, ...args: unknown[]];

/** As much of an arrived record as a row may look at. */
export interface Arrived {
  readonly body: unknown;
  readonly severityText: string;
  readonly attributes: { readonly [key: string]: unknown };
}

export interface Row {
  /** Its number in the list of adversarial inputs, and what it is about. */
  readonly name: string;
  /** The calls of one try, with values made anew. */
  readonly calls: () => readonly Call[];
  /** What of its records the table shows, one after the other; default: the body. */
  readonly shows?: (record: Arrived) => string;
  /** That text, of all its records, joined with ` ⏎ `. */
  readonly expected: string | RegExp;
  /** Where an engine cannot do the same. */
  readonly onHermes?: string | RegExp;
  /** Runs straight after the calls. */
  readonly after?: (calls: readonly Call[]) => void;
  /** Globals without which there is no such input. */
  readonly needs?: readonly string[];
  /** Calls that the input itself makes while it is read, and which print as they would without us. */
  readonly innerCalls?: number;
  /** What the engine needs for it whoever reads it; a millisecond comes on top. */
  readonly engineCost?: (calls: readonly Call[]) => unknown;
}

/** One `console.log`, of values that `make` makes. */
export function log(
  name: string,
  make: () => readonly unknown[],
  expected: string | RegExp,
  more: Partial<Row> = {},
): Row {
  return { name, calls: () => [["log", ...make()]], expected, ...more };
}

export class Foo {
  a = 1;
}

/** Made of one piece: a text that was put together costs whoever reads it first, which is no matter of ours. */
export function flat(text: string): string {
  /^/.test(text);
  return text;
}

export const boom = (): never => {
  throw new Error("boom");
};
