// The console: each call goes to the original first, once, with its own `this` and arguments, then becomes a record.

import type { ConsoleEntry, ConsoleMethod } from "./console-methods.ts";
import { createConsoleState, otherMethods } from "./console-methods.ts";
import type { Guard } from "./guard.ts";
import { patchMethod } from "./patch.ts";
import type { CallSite } from "./site.ts";
import { captureSite } from "./site.ts";

export interface ConsoleCall extends ConsoleEntry {
  readonly method: ConsoleMethod;
  /** Open groups around the call. */
  readonly groupDepth: number;
  readonly site: CallSite;
}

export type ConsoleTarget = { [method in ConsoleMethod]?: unknown };

/** Frames of a console.trace; an uncaught error's stack has as many. */
const traceFrames = 50;

/** Begins to capture; the function it returns ends it. `take` is called with the guard held and may throw. */
export function captureConsole(
  target: ConsoleTarget,
  methods: readonly ConsoleMethod[],
  guard: Guard,
  take: (call: ConsoleCall) => void,
): () => void {
  const state = createConsoleState(() => {
    const clock = (globalThis as Partial<typeof globalThis>).performance ?? Date;
    return clock.now();
  });
  const undos = methods.map((method) => {
    // Node prints these through console.log or console.error, which would be a second record of the same call.
    const isComposite = (otherMethods as readonly string[]).includes(method);
    return patchMethod(target, method, (original, isOn) => {
      const wrapper = function (this: unknown, ...args: unknown[]): unknown {
        if (guard.active || !isOn()) return original.apply(this, args);
        try {
          return isComposite ? guard.pass(() => original.apply(this, args)) : original.apply(this, args);
        } finally {
          guard.run(() => {
            const groupDepth = state.depth;
            const entry = state.entryOf(method, args);
            if (entry === undefined) return;
            const site = captureSite(wrapper, entry.withStack ? traceFrames : undefined);
            take({ ...entry, method, groupDepth, site });
          });
        }
      };
      return wrapper;
    });
  });
  return () => {
    for (const undo of undos) undo();
  };
}
