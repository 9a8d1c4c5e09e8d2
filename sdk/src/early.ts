// Before initTelemetry: what the console and the errors say from the moment `/auto` is imported, kept with its time, its
// stack and its values as they were, and handed over once.

import { captureConsole } from "./capture/console.ts";
import type { Fact, Seen } from "./capture/fact.ts";
import { createGuard } from "./capture/guard.ts";
import { allMethods } from "./capture/methods.ts";
import { isEnabled } from "./enabled.ts";
import { detectPlatform } from "./platform/detect.ts";
import { getRunning } from "./running.ts";
import { copyValues } from "./values/copy.ts";

export interface Early {
  readonly facts: readonly Fact[];
}

/** An app that starts says a few hundred lines; one that never calls initTelemetry must not fill the memory. */
const maxFacts = 1_000;

const slot: unique symbol = Symbol.for("@chriscode/devmux-telemetry/early") as never;

type Globals = { [slot]?: (() => Early) | undefined };

/** Once, and not where a client runs already or none will. Never throws. */
export function startEarly(): void {
  try {
    const globals = globalThis as Globals;
    if (globals[slot] || getRunning() || !isEnabled(undefined)) return;
    const platform = detectPlatform();
    if (platform === undefined) return;
    const facts: Fact[] = [];
    const guard = createGuard(() => {});
    const see = (seen: Seen): void =>
      guard.run(() => {
        const { args } = seen;
        const fact = { timeMs: Date.now(), clockMs: now(), ...seen, args: copyValues(args) };
        if (facts.push(fact) > maxFacts) {
          // Of the oldest there is a count, with the record after them.
          const more = (facts.shift()?.more ?? 0) + 1;
          if (facts[0]) facts[0].more = more;
        }
      });
    const ends = [captureConsole(platform.console ?? {}, allMethods, guard, see), platform.capture(see, guard)];
    globals[slot] = () => {
      for (const end of ends) end();
      globals[slot] = undefined;
      return { facts };
    };
  } catch {
    // A frozen global: nothing is captured before initTelemetry.
  }
}

function now(): number {
  return ((globalThis as Partial<typeof globalThis>).performance ?? Date).now();
}

/** Ends it, whatever copy of this package began it. */
export function takeEarly(): Early | undefined {
  return (globalThis as Globals)[slot]?.();
}
