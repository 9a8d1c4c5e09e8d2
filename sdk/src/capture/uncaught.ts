// Uncaught errors and unhandled rejections of a window or a worker.

import type { ConsoleLevel } from "@chriscode/devmux-telemetry-protocol";
import type { Attributes } from "@opentelemetry/api";
import type { Guard } from "./guard.ts";

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

/** Begins to listen; the function it returns ends it. Nothing is prevented, other handlers run as before. */
export function captureUncaught(target: EventTarget, guard: Guard, take: TakeError): () => void {
  const listen = (
    mechanism: UncaughtError["mechanism"],
    read: (event: Event) => Omit<UncaughtError, "mechanism">,
  ): (() => void) => {
    const listener = (event: Event): void => guard.run(() => take({ mechanism, ...read(event) }));
    target.addEventListener(mechanism, listener);
    return () => target.removeEventListener(mechanism, listener);
  };
  const ends = [
    listen("error", (event) => {
      const { error, message, filename, lineno, colno } = event as ErrorEvent;
      return { thrown: error, message, file: filename, line: lineno, column: colno };
    }),
    listen("unhandledrejection", readRejection),
    listen("rejectionhandled", readRejection),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function readRejection(event: Event): Omit<UncaughtError, "mechanism"> {
  const { reason, promise } = event as PromiseRejectionEvent;
  return { thrown: reason, promise };
}
