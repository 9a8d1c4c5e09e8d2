// The wish that a running collector should stop, wherever it comes from: a signal, a request over HTTP, the process that started it.

import type { Shell } from "../shell.ts";
import { starterMessageSchema } from "./messages.ts";

export interface StopWish {
  /** Resolves at the first wish to stop. */
  readonly asked: Promise<void>;
  /** Aborts at the same moment. */
  readonly signal: AbortSignal;
  /** `SIGTERM`, `stop` …; meaningful once asked. */
  reason(): string;
  stop(reason: string): void;
  /** From now on SIGHUP calls `listener` instead, as daemons have it: read the configuration again. */
  onHangUp(listener: () => void): void;
  dispose(): void;
}

/** The first wish begins the stop. A second signal does not wait for its end: the process leaves at once. */
export function listenForStop(shell: Shell): StopWish {
  const controller = new AbortController();
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let signalled = false;
  const stop = (reason: string) => {
    if (!controller.signal.aborted) controller.abort(reason);
    resolve();
  };
  let hangUp: (() => void) | undefined;
  const dispose = shell.onSignal((signal, number) => {
    if (signal === "SIGHUP" && hangUp !== undefined && !controller.signal.aborted) return hangUp();
    if (signalled) shell.leave(128 + number);
    signalled = true;
    stop(signal);
  });
  shell.parent?.onMessage((message) => {
    if (starterMessageSchema.safeParse(message).success) stop("stop");
  });
  shell.parent?.onDisconnect(() => stop("the process that started it has left"));
  return {
    asked,
    signal: controller.signal,
    reason: () => String(controller.signal.reason),
    stop,
    onHangUp(listener) {
      hangUp = listener;
    },
    dispose,
  };
}
