// The life of a collector's process, in the background and in the foreground alike: lock, start, tell, wait, drain, tidy up.

import { randomBytes } from "node:crypto";
import {
  type Collector,
  type CollectorOptions,
  ConfigError,
  ListenError,
  type StatusReport,
} from "@chriscode/devmux-telemetry-server";
import type { Log } from "@chriscode/devmux-telemetry-server/component";
import type { Shell } from "../shell.ts";
import { clientUrl } from "../show/addresses.ts";
import { drainDeadlineMs } from "./drain.ts";
import { processIdentity } from "./identity.ts";
import { writeLastRun } from "./last-run.ts";
import type { CollectorMessage, Failure } from "./messages.ts";
import { type CollectorState, removeState, writeState } from "./state-file.ts";
import { listenForStop, type StopWish } from "./stop-wish.ts";
import { takePlace } from "./take-place.ts";
import { totalsOf } from "./totals.ts";

export interface ServeOptions {
  readonly stateDir: string;
  readonly shell: Shell;
  readonly log: Log;
  readonly host: string;
  /** In the background: once it is ready it lives on without the process that started it. In the foreground it stops with it. */
  readonly background: boolean;
  /** Makes the collector; throws ConfigError. */
  create(own: OwnOptions): Collector;
  onReady?(url: string, notices: readonly string[]): void;
}

/** What the process adds to the options of the collector. */
export type OwnOptions = Required<Pick<CollectorOptions, "controlToken" | "onStopRequested">>;

export type ServeResult =
  | { readonly kind: "stopped"; readonly report: StatusReport }
  | { readonly kind: "already"; readonly state: CollectorState }
  | { readonly kind: "occupied"; readonly reason: string }
  /** Told to stop before it had begun. */
  | { readonly kind: "withdrawn" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Resolves when the collector has stopped, or could not start; the starter has been told. */
export async function serve(options: ServeOptions): Promise<ServeResult> {
  const { shell, stateDir } = options;
  const wish = listenForStop(shell);
  try {
    const place = await takePlace(stateDir, wish.signal);
    if (place.kind === "already") tell(shell, { type: "already", url: place.state.url, pid: place.state.pid });
    if (place.kind === "occupied") tell(shell, { type: "occupied", reason: place.reason });
    if (place.kind !== "ours") return place;
    try {
      return { kind: "stopped", report: await runLocked(options, wish) };
    } catch (error) {
      tell(shell, { type: "failed", failure: describeFailure(error) });
      return { kind: "failed", error };
    } finally {
      place.lock.release();
    }
  } finally {
    wish.dispose();
  }
}

async function runLocked(options: ServeOptions, wish: StopWish): Promise<StatusReport> {
  const { stateDir, log } = options;
  const controlToken = randomBytes(32).toString("base64url");
  const collector = options.create({ controlToken, onStopRequested: () => wish.stop("stop") });
  await collector.start();
  const { instanceId } = collector;
  try {
    announce(options, collector, controlToken);
    await wish.asked;
  } catch (error) {
    await collector.shutdown(0);
    removeState(stateDir, instanceId);
    throw error;
  }
  const reason = wish.reason();
  log.info(`stopping (${reason}): delivering what is queued, for at most ${drainDeadlineMs} ms`);
  const last = await collector.shutdown(drainDeadlineMs);
  const { version, startedAt } = last;
  writeLastRun(stateDir, {
    instanceId,
    version,
    startedAt: Date.parse(startedAt),
    stoppedAt: Date.now(),
    reason,
    totals: totalsOf(last),
  });
  removeState(stateDir, instanceId);
  log.info("stopped");
  return last;
}

/** From here on the collector can be found, asked and stopped. */
function announce(
  { stateDir, shell, log, host, background, onReady }: ServeOptions,
  collector: Collector,
  controlToken: string,
): void {
  const { pid } = process;
  const report = collector.status();
  const { version, instanceId } = report;
  const url = clientUrl(host, collector.port);
  const identity = processIdentity(pid);
  if (identity === undefined) throw new Error("cannot tell when this process started (neither /proc nor ps answers)");
  writeState(stateDir, {
    pid,
    processIdentity: identity,
    url,
    controlToken,
    instanceId,
    version,
    startedAt: Date.parse(report.startedAt),
  });
  log.info(`ready at ${url}`, { pid, version });
  const troubled = report.components.filter(({ state }) => state !== "ok");
  const notices = troubled.map(({ kind, id, state, message }) => `${kind} ${id}: ${message ?? state}`);
  tell(shell, { type: "ready", url, pid, notices });
  if (background) shell.parent?.release();
  onReady?.(url, notices);
}

function tell(shell: Shell, message: CollectorMessage): void {
  shell.parent?.send(message);
}

export function describeFailure(error: unknown): Failure {
  if (error instanceof ConfigError) return { kind: "config", problems: error.problems };
  if (error instanceof ListenError) {
    const { host, port, code, message } = error;
    return { kind: "listen", host, port, code, message };
  }
  return { kind: "other", message: error instanceof Error ? error.message : String(error) };
}
