// Uncaught errors, unhandled rejections and warnings of a Node process, seen without changing what becomes of it.

import type { Guard } from "../../capture/guard.ts";
import type { TakeError } from "../../capture/uncaught.ts";

type Listener = (...args: never[]) => void;

/** Begins to listen; the function it returns ends it. */
export function captureProcess(guard: Guard, take: TakeError): () => void {
  const rejected = (reason: unknown, promise?: object): void =>
    guard.run(() => take({ mechanism: "unhandledrejection", thrown: reason, promise }));
  const others = (): number => process.listeners("unhandledRejection").filter((each) => each !== rejected).length;
  const listening: [string, Listener][] = [
    // Sees what nobody handles before the process ends of it, and is no handler: the exit code stays.
    [
      "uncaughtExceptionMonitor",
      (thrown: unknown, origin: string) => {
        if (origin === "unhandledRejection") rejected(reasonOf(thrown));
        else guard.run(() => take({ mechanism: "error", thrown }));
      },
    ],
    ["rejectionHandled", (promise: object) => guard.run(() => take({ mechanism: "rejectionhandled", promise }))],
    // A listener for rejections is a handler: with one, the process lives on. So ours is there only while another is.
    [
      "newListener",
      (event: unknown, listener: unknown) => {
        if (event === "unhandledRejection" && listener !== rejected && others() === 0)
          process.on("unhandledRejection", rejected);
      },
    ],
    [
      "removeListener",
      (event: unknown) => {
        if (event === "unhandledRejection" && others() === 0) process.off("unhandledRejection", rejected);
      },
    ],
  ];
  // Before Node's own, which prints it through the console: a text about something known then.
  const warned = (thrown: Error): void => guard.run(() => take({ mechanism: "warning", level: "warn", thrown }));
  process.prependListener("warning", warned);
  if (others() > 0) process.on("unhandledRejection", rejected);
  for (const [event, listener] of listening) process.on(event as never, listener as never);
  return () => {
    for (const [event, listener] of listening) process.off(event as never, listener as never);
    process.off("unhandledRejection", rejected);
    process.off("warning", warned);
  };
}

/** Node makes an error of a reason that is none, and says the reason in its message. */
function reasonOf(thrown: unknown): unknown {
  const { code, message } = thrown as { code?: unknown; message?: unknown };
  if (code !== "ERR_UNHANDLED_REJECTION") return thrown;
  return /with the reason "([\s\S]*)"\.?$/.exec(String(message))?.[1] ?? thrown;
}
