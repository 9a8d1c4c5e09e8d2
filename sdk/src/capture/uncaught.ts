// An error that nobody caught, or that somebody reports, as a platform has seen it.

import type { ConsoleLevel } from "@chriscode/devmux-telemetry-protocol";
import type { Attributes } from "@opentelemetry/api";
import type { See } from "./fact.ts";

export interface UncaughtError {
  readonly mechanism:
    | "error"
    | "unhandledrejection"
    | "rejectionhandled"
    | "warning"
    | "resource"
    | "csp"
    | "report"
    | "react"
    | "captured";
  /** Default: `error`. */
  readonly level?: ConsoleLevel;
  /** What was thrown, or the reason of the rejection: any value. */
  readonly thrown?: unknown;
  /** That was rejected. */
  readonly promise?: object | undefined;
  /** What the browser said, where nothing was thrown that could be seen (another origin's script). */
  readonly message?: string | undefined;
  /** What it is, where nothing was thrown. */
  readonly type?: string;
  /** More attributes of its record. */
  readonly attributes?: Attributes | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export type TakeError = (error: UncaughtError) => void;

/** An error for who takes all that is seen. */
export function seeError(see: See): TakeError {
  return (error) => see({ error, args: ["thrown" in error ? error.thrown : error.message] });
}
