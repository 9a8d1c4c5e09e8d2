// The truth about the collector of a state directory: what the state file claims, held against the process and its answer.

import type { StatusReport } from "@chriscode/devmux-telemetry-server";
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
  /** It delivers what it has and will have ended soon. */
  | { readonly kind: "stopping"; readonly state: CollectorState }
  | { readonly kind: "running"; readonly state: CollectorState; readonly report: StatusReport };

/** Long enough for a machine that builds at the same time; the answer itself takes a few milliseconds. */
const answerTimeoutMs = 3_000;

export async function discover(stateDir: string): Promise<Discovered> {
  const found = readState(stateDir);
  if (found.kind === "absent") return { kind: "none" };
  if (found.kind === "unreadable") return { kind: "stale", reason: found.reason };
  const state = found.value;
  const { pid, url } = state;
  if (!isSameProcess(pid, state.processIdentity)) {
    const reason = `the collector with pid ${pid} ended without being stopped (${stateFile(stateDir)} is left of it)`;
    return { kind: "stale", reason, state };
  }
  if (state.stopping) return { kind: "stopping", state };
  const report = await askStatus(state);
  return typeof report === "string"
    ? { kind: "silent", reason: `pid ${pid} at ${url}: ${report}`, state }
    : { kind: "running", state, report };
}

/** The report, or why there is none. The instance tells this collector from another one that has its port now. */
async function askStatus({ url, controlToken, instanceId }: CollectorState): Promise<StatusReport | string> {
  const answer = await requestJson({
    url: httpUrl(url, "/api/status"),
    token: controlToken,
    timeoutMs: answerTimeoutMs,
  });
  if (answer.kind === "none") return answer.reason;
  if (answer.status !== 200) return `it refuses to tell its status (HTTP ${answer.status})`;
  const report = answer.body as StatusReport | null;
  return report?.instanceId === instanceId ? report : "another program answers there";
}
