// How much of a value a record keeps. An app may log a store of a million entries sixty times a second.

export interface ValueLimits {
  /** Levels of objects that are opened. */
  readonly depth: number;
  /** Items of an array, keys of an object, entries of a Map or Set. */
  readonly items: number;
  /** Values of one record in all, however they are nested. */
  readonly nodes: number;
  /** UTF-16 units of one string. */
  readonly stringLength: number;
  /** Arguments of one console call. */
  readonly args: number;
  /** Errors that one brings along: its causes, and the members of an AggregateError. */
  readonly causes: number;
  /** Frames of a stack trace. */
  readonly frames: number;
  /** Characters of one record as OTLP/JSON. What makes it longer is left out, the least useful first. */
  readonly recordLength: number;
}

export const defaultLimits: ValueLimits = {
  // Deeper levels of real app state (component trees, normalised stores) repeat or are internals.
  depth: 6,
  // Enough to see what a list holds; at 1,000 a table of rows fills the record by itself.
  items: 100,
  // A value of this size takes well under a millisecond to read.
  nodes: 1_000,
  // A stack of 50 frames is about 5,000 characters.
  stringLength: 8_192,
  args: 50,
  // Ten stacks are as much as a record has room for.
  causes: 10,
  frames: 50,
  // A batch of 64 such records is 4 MiB at the very most, and is split to what the collector takes.
  recordLength: 65_536,
};
