// How a starting collector gets the state directory: at once, or when the one that has it has gone; or not, because it runs.

import { setTimeout as sleep } from "node:timers/promises";
import { discover } from "./discover.ts";
import { drainDeadlineMs } from "./drain.ts";
import { type Lock, tryLock } from "./lock.ts";
import type { CollectorState } from "./state-file.ts";

export type Place =
  | { readonly kind: "ours"; readonly lock: Lock }
  | { readonly kind: "already"; readonly state: CollectorState }
  | { readonly kind: "occupied"; readonly reason: string }
  | { readonly kind: "withdrawn" };

/** No event tells when another process gives up a lock. Short against a start (some 300 ms), long against asking (0.3 ms). */
const pollMs = 25;
/** One that is stopping needs up to its deadline; one that is starting, some 300 ms. */
const patienceMs: number = drainDeadlineMs + 3_000;

export async function takePlace(stateDir: string, signal: AbortSignal): Promise<Place> {
  for (const until = Date.now() + patienceMs; ; await sleep(pollMs, undefined, { signal }).catch(() => undefined)) {
    const lock = tryLock(stateDir);
    if (lock !== undefined) return { kind: "ours", lock };
    if (signal.aborted) return { kind: "withdrawn" };
    const found = await discover(stateDir);
    if (found.kind === "running") return { kind: "already", state: found.state };
    if (Date.now() < until) continue;
    const reason = found.kind === "silent" ? found.reason : `it is locked by a process that wrote no state`;
    return { kind: "occupied", reason };
  }
}
