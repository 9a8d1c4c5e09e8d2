// Ends a running collector: asks it, then signals it, then kills it, and only ever the process that the state file means.

import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { drainDeadlineMs } from "./drain.ts";
import { isSameProcess } from "./identity.ts";
import { type LastRun, readLastRun } from "./last-run.ts";
import { httpUrl, requestJson } from "./request.ts";
import { type CollectorState, stateFile } from "./state-file.ts";

export interface Stopped {
  /** What it took: a request, SIGTERM, SIGKILL. `undefined`: it did not end. */
  readonly by: "request" | "SIGTERM" | "SIGKILL" | undefined;
  /** What the collector said of itself last; absent where it had no time to. */
  readonly lastRun?: LastRun;
}

export interface StopLimits {
  /** For the answer to the request, which does not wait for the end. */
  readonly askMs: number;
  /** What a collector allows itself. */
  readonly drainMs: number;
  /** Beyond that it needs time to close files and leave. */
  readonly graceMs: number;
}

const defaultLimits: StopLimits = { askMs: 2_000, drainMs: drainDeadlineMs, graceMs: 2_000 };

export async function stopCollector(
  stateDir: string,
  state: CollectorState,
  { askMs, drainMs, graceMs }: StopLimits = defaultLimits,
): Promise<Stopped> {
  const asked = state.stopping || (await ask(state, askMs));
  if (asked && (await hasEnded(state, drainMs + graceMs))) return ended(stateDir, state, "request");
  signal(state, "SIGTERM");
  if (await hasEnded(state, asked ? graceMs : drainMs + graceMs)) return ended(stateDir, state, "SIGTERM");
  signal(state, "SIGKILL");
  if (await hasEnded(state, graceMs)) return ended(stateDir, state, "SIGKILL");
  return { by: undefined };
}

async function ask({ url, controlToken: token }: CollectorState, timeoutMs: number): Promise<boolean> {
  const answer = await requestJson({ url: httpUrl(url, "/api/stop"), method: "POST", token, timeoutMs });
  return answer.kind === "answer" && answer.status >= 200 && answer.status < 300;
}

function ended(stateDir: string, state: CollectorState, by: Stopped["by"]): Stopped {
  const lastRun = readLastRun(stateDir);
  if (by === "SIGKILL") rmSync(stateFile(stateDir), { force: true });
  return lastRun.kind === "read" && lastRun.value.instanceId === state.instanceId
    ? { by, lastRun: lastRun.value }
    : { by };
}

/** Asks for the identity immediately before, so that a pid that was used again meanwhile gets nothing. */
function signal(state: CollectorState, name: "SIGTERM" | "SIGKILL"): void {
  if (!isSameProcess(state.pid, state.processIdentity)) return;
  try {
    process.kill(state.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Only a parent is told when a process ends; everyone else has to look. */
async function hasEnded(state: CollectorState, timeoutMs: number): Promise<boolean> {
  for (const until = Date.now() + timeoutMs; Date.now() < until; await sleep(pollMs)) {
    if (!isSameProcess(state.pid, state.processIdentity)) return true;
  }
  return !isSameProcess(state.pid, state.processIdentity);
}

const pollMs = 25;
