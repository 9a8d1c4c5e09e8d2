// What an expression can see: the paths of a subject (a record, or a resource) and the functions that may be called.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import type { Arguments } from "./arguments.ts";
import type { Place } from "./place.ts";

export type Getter<Subject> = (subject: Subject) => AnyValue;
export type Predicate<Subject> = (subject: Subject) => boolean;
/** Changes a subject. Throws EvaluationError, before it has changed anything. */
export type Action<Subject> = (subject: Subject) => void;

/** The type of a path whose values always have it; `any` for what comes from outside. */
export type PathType = "number" | "string" | "any";

export interface PathDefinition<Subject> {
  readonly type: PathType;
  /** True for what all records of a resource have in common. */
  readonly ofResource: boolean;
  /** Also reads and, where it can, writes what is at a key. */
  readonly place: Place<Subject>;
}

/** A function that gives a value. */
export interface FunctionDefinition {
  readonly name: string;
  /** As it is written: `IsMatch(value, "pattern")`. */
  readonly usage: string;
  readonly arguments: readonly [min: number, max: number];
  /** `condition`: may stand where a condition is expected. */
  readonly gives: "condition" | "value";
  create<Subject>(given: Arguments<Subject>): Getter<Subject>;
}

/** A function that changes the subject: the first word of a statement. */
export interface EditorDefinition {
  readonly name: string;
  readonly usage: string;
  readonly arguments: readonly [min: number, max: number];
  create<Subject>(given: Arguments<Subject>): Action<Subject>;
}

export interface Context<Subject> {
  /** Completes sentences: `a log record`. */
  readonly subject: string;
  readonly paths: ReadonlyMap<string, PathDefinition<Subject>>;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
}
