// The console: each call goes to the original first, once, with its own `this` and arguments, then is seen.

import type { Guard } from "./guard.ts";
import type { ConsoleMethod } from "./methods.ts";
import { otherMethods } from "./methods.ts";
import { patchMethod } from "./patch.ts";
import type { CallSite } from "./site.ts";
import { captureSite } from "./site.ts";

export interface ConsoleCall {
  readonly method: ConsoleMethod;
  readonly args: readonly unknown[];
  readonly site: CallSite;
}

export type ConsoleTarget = { [method in ConsoleMethod]?: unknown };

/** Frames of a console.trace; an uncaught error's stack has as many. */
const traceFrames = 50;

/**
 * Begins to capture; the function it returns ends it. `take` is called with the guard held and may throw. Where `isCounted`
 * says that a call need not be seen, nothing is done for it.
 */
export function captureConsole(
  target: ConsoleTarget,
  methods: readonly ConsoleMethod[],
  guard: Guard,
  take: (call: ConsoleCall) => void,
  isCounted?: (method: ConsoleMethod, args: readonly unknown[]) => boolean | undefined,
): () => void {
  const undos = methods.map((method) => {
    // Node prints these through console.log or console.error, which would be a second record of the same call.
    const isComposite = (otherMethods as readonly string[]).includes(method);
    const frames = method === "trace" ? traceFrames : undefined;
    return patchMethod(target, method, (original, isOn) => {
      const wrapper = function (this: unknown, ...args: unknown[]): unknown {
        if (guard.active || !isOn()) return original.apply(this, args);
        try {
          return isComposite ? guard.pass(() => original.apply(this, args)) : original.apply(this, args);
        } finally {
          // An assertion that holds says nothing, and is made in every loop.
          if (!(method === "assert" && args[0]) && !isCounted?.(method, args))
            guard.run(() => take({ method, args, site: captureSite(wrapper, frames) }));
        }
      };
      return wrapper;
    });
  });
  return () => {
    for (const undo of undos) undo();
  };
}
