// The truth about the collector of a state directory: what the state file claims, held against the process and its answer.

import { z } from "zod";
import { isSameProcess } from "./identity.ts";
import { httpUrl, requestJson } from "./request.ts";
import { type CollectorState, readState, stateFile } from "./state-file.ts";

export type Discovered =
  /** No state file: never started, or stopped cleanly. */
  | { readonly kind: "none" }
  /** A state file, but its process has ended: killed, or the machine restarted. `reason` is a sentence for people. */
  | { readonly kind: "stale"; readonly reason: string; readonly state?: CollectorState }
  /** The process is there and does not answer as it should. */
  | { readonly kind: "silent"; readonly reason: string; readonly state: CollectorState }
  | { readonly kind: "running"; readonly state: CollectorState };

/** Long enough for a machine that builds at the same time; the answer itself takes about 1 ms. */
const probeTimeoutMs = 3_000;

export async function discover(stateDir: string): Promise<Discovered> {
  const found = readState(stateDir);
  if (found.kind === "absent") return { kind: "none" };
  if (found.kind === "unreadable") return { kind: "stale", reason: found.reason };
  const state = found.value;
  if (!isSameProcess(state.pid, state.processIdentity)) {
    return {
      kind: "stale",
      reason: `the collector with pid ${state.pid} ended without being stopped (${stateFile(stateDir)} is left of it)`,
      state,
    };
  }
  const answer = await requestJson({ url: httpUrl(state.url, "/"), timeoutMs: probeTimeoutMs });
  if (answer.kind === "none") return { kind: "silent", reason: `${state.url}: ${answer.reason}`, state };
  const greeting = greetingSchema.safeParse(answer.body);
  if (greeting.success && greeting.data.instanceId === state.instanceId) return { kind: "running", state };
  return { kind: "silent", reason: `something else answers at ${state.url}`, state };
}

/** What every collector answers to `GET /`. */
export const greetingSchema: z.ZodType<{ name: string; version: string; instanceId: string }> = z.object({
  name: z.string(),
  version: z.string(),
  instanceId: z.string(),
});
