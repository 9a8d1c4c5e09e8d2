// Before initTelemetry: what the console and the errors say from the moment `/auto` is imported, kept with its time, its
// stack and its values as they were, and handed over once.

import { captureConsole } from "./capture/console.ts";
import { levels, otherMethods } from "./capture/console-methods.ts";
import { createGuard } from "./capture/guard.ts";
import type { UncaughtError } from "./capture/uncaught.ts";
import { isEnabled } from "./enabled.ts";
import type { Capture } from "./logs/records.ts";
import { captureOfCall, captureOfError } from "./logs/records.ts";
import { detectPlatform } from "./platform/detect.ts";
import { getRunning } from "./running.ts";
import { defaultLimits } from "./values/limits.ts";

export interface Early {
  readonly captures: readonly Capture[];
  /** That came before those, and were too many. */
  readonly dropped: number;
}

/** An app that starts says a few hundred lines; one that never calls initTelemetry must not fill the memory. */
const maxCaptures = 1_000;

const slot: unique symbol = Symbol.for("@chriscode/devmux-telemetry/early") as never;

type Globals = { [slot]?: (() => Early) | undefined };

/** Once, and not where a client runs already or none will. Never throws. */
export function startEarly(): void {
  try {
    const globals = globalThis as Globals;
    if (globals[slot] || getRunning() || !isEnabled(undefined)) return;
    const platform = detectPlatform();
    if (platform === undefined) return;
    const captures: Capture[] = [];
    let dropped = 0;
    const guard = createGuard(() => {});
    const keep = (capture: Capture): void => {
      if (captures.push({ ...capture, timeMs: Date.now() }) > maxCaptures) {
        captures.shift();
        dropped++;
      }
    };
    const methods = [...levels, ...otherMethods];
    const ends = [
      captureConsole(platform.console ?? {}, methods, guard, (call) => keep(captureOfCall(call, defaultLimits))),
      platform.captureErrors(guard, (error: UncaughtError) => {
        if (error.mechanism !== "rejectionhandled") keep(captureOfError(error, defaultLimits));
      }),
    ];
    globals[slot] = () => {
      for (const end of ends) end();
      globals[slot] = undefined;
      return { captures, dropped };
    };
  } catch {
    // A frozen global: nothing is captured before initTelemetry.
  }
}

/** Ends it, whatever copy of this package began it. */
export function takeEarly(): Early | undefined {
  return (globalThis as Globals)[slot]?.();
}
