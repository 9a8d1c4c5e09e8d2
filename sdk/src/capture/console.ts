// The console: each call goes to the original first, once, with its own `this` and arguments, then becomes a record.

import type { ConsoleEntry, ConsoleMethod, ConsoleState } from "./console-methods.ts";
import { createConsoleState, levels, otherMethods } from "./console-methods.ts";
import type { Guard } from "./guard.ts";
import type { Patch } from "./patch.ts";
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

/** V8 keeps no more for console.trace; the record's own limit of frames is the same. */
const traceFrames = 50;

/** Begins to capture; the function it returns ends it. `take` is called with the guard held and may throw. */
export function captureConsole(
  target: ConsoleTarget,
  methods: readonly ConsoleMethod[],
  guard: Guard,
  take: (call: ConsoleCall) => void,
): () => void {
  const state = createConsoleState(() => performance.now());
  const patches: (Patch | undefined)[] = [];
  for (const method of methods) {
    patches.push(patchMethod(target, method, (original, isOn) => wrap(method, original, isOn, state, guard, take)));
  }
  return () => {
    for (const patch of patches) patch?.undo();
  };
}

export const allMethods: readonly ConsoleMethod[] = [...levels, ...otherMethods];

function wrap(
  method: ConsoleMethod,
  original: (this: unknown, ...args: unknown[]) => unknown,
  isOn: () => boolean,
  state: ConsoleState,
  guard: Guard,
  take: (call: ConsoleCall) => void,
): (this: unknown, ...args: unknown[]) => unknown {
  // Node prints these through console.log or console.error, which would be a second record of the same call.
  const isComposite = (otherMethods as readonly string[]).includes(method) || method === "trace";
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    if (guard.active || !isOn()) return original.apply(this, args);
    try {
      return isComposite ? guard.pass(() => original.apply(this, args)) : original.apply(this, args);
    } finally {
      guard.run(() => {
        const groupDepth = state.depth;
        const entry = state.entryOf(method, args);
        if (entry === undefined) return;
        take({ ...entry, method, groupDepth, site: captureSite(wrapper, entry.withStack ? traceFrames : undefined) });
      });
    }
  };
  return wrapper;
}
