// What was seen, before it is a record: a console call, an error, an event of the page, the beginning of a session. With
// all that is known only at that moment: the time, the place, the span, the values.

import type { Context } from "@opentelemetry/api";
import type { ConsoleMethod } from "./methods.ts";
import type { CallSite } from "./site.ts";
import type { UncaughtError } from "./uncaught.ts";

export interface Fact {
  /** Unix milliseconds. */
  readonly timeMs: number;
  /** Milliseconds of the clock that console.time measures with. */
  readonly clockMs?: number | undefined;
  /** The span around it, where somebody traces. */
  readonly context?: Context;
  /** Of a console call; what was thrown; else what says it in words. */
  readonly args: readonly unknown[];
  /** A console call. */
  readonly method?: ConsoleMethod;
  readonly site?: CallSite;
  /** An error that a platform or somebody else has seen. */
  readonly error?: UncaughtError;
  /** An error or rejection as a page or worker tells it. */
  readonly event?: Event;
  /** `session.start`, `session.end` */
  readonly name?: string;
  /** How many more there were that nobody has kept. */
  more?: number;
}

/** What the captures give; the time, the span and the copies of values are added where it arrives. */
export type Seen = Omit<Fact, "timeMs" | "context" | "more">;

export type See = (seen: Seen) => void;
