// Uncaught errors and unhandled rejections of a window or a worker.

import type { Guard } from "./guard.ts";

export interface UncaughtError {
  readonly mechanism: "error" | "unhandledrejection";
  /** What was thrown, or the reason of the rejection: any value. */
  readonly thrown: unknown;
  /** What the browser said, where nothing was thrown that could be seen (another origin's script). */
  readonly message?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Begins to listen; the function it returns ends it. Nothing is prevented, other handlers run as before. */
export function captureUncaught(target: EventTarget, guard: Guard, take: (error: UncaughtError) => void): () => void {
  const onError = (event: Event): void => {
    if (guard.active) return;
    guard.run(() => take(readErrorEvent(event as ErrorEvent)));
  };
  const onRejection = (event: Event): void => {
    if (guard.active) return;
    guard.run(() => take({ mechanism: "unhandledrejection", thrown: reasonOf(event) }));
  };
  target.addEventListener("error", onError);
  target.addEventListener("unhandledrejection", onRejection);
  return () => {
    target.removeEventListener("error", onError);
    target.removeEventListener("unhandledrejection", onRejection);
  };
}

function readErrorEvent({ error, message, filename, lineno, colno }: ErrorEvent): UncaughtError {
  return {
    mechanism: "error",
    thrown: error,
    ...(typeof message === "string" && { message }),
    ...(filename && { file: filename }),
    ...(lineno > 0 && { line: lineno, column: colno }),
  };
}

/** Some libraries dispatch their own event with the reason in `detail`. */
function reasonOf(event: Event): unknown {
  if ("reason" in event) return event.reason;
  return (event as CustomEvent<{ reason?: unknown } | null>).detail?.reason;
}
