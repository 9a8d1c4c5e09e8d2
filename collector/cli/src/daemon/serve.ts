// The life of a collector's process, in the background and in the foreground alike: lock, start, tell, wait, drain, tidy up.

import { randomBytes } from "node:crypto";
import {
  type Collector,
  type CollectorOptions,
  ConfigError,
  ListenError,
  type ReloadAnswer,
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
  create(own: OwnOptions): Promise<Collector>;
  /** Reads the configuration again and applies it to a collector that runs. */
  reload(collector: Collector): Promise<ReloadAnswer>;
  onReady?(url: string, notices: readonly string[]): void;
  /** From now on nothing more is taken. */
  onStopping?(): void;
}

/** What the process adds to the options of the collector. */
export type OwnOptions = Required<Pick<CollectorOptions, "controlToken" | "onStopRequested" | "onReloadRequested">>;

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
  const { stateDir } = options;
  const controlToken = randomBytes(32).toString("base64url");
  const collector = await options.create({
    controlToken,
    onStopRequested: () => wish.stop("stop"),
    onReloadRequested: () => reloadAndSay(options, collector),
  });
  await collector.start();
  // A terminal that closes ends what runs in it; in the background nobody hangs up but who wants a reload.
  if (options.background) wish.onHangUp(() => void reloadAndSay(options, collector));
  try {
    const state = announce(options, collector, controlToken);
    await wish.asked;
    return await drain(options, collector, state, wish.reason());
  } catch (error) {
    await collector.shutdown(0);
    throw error;
  } finally {
    removeState(stateDir, collector.instanceId);
  }
}

/** Never rejects; what is wrong is in the log and in the answer. */
async function reloadAndSay({ reload, log }: ServeOptions, collector: Collector): Promise<ReloadAnswer> {
  try {
    const answer = await reload(collector);
    if (answer.ok) {
      const { started, stopped, replaced, kept } = answer;
      log.info("the configuration was read again", { started, stopped, replaced, kept });
    } else log.warn("the configuration stays as it was", { problems: answer.problems });
    return answer;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.error(`the configuration could not be read again: ${message}`);
    return { ok: false, problems: [{ path: "", message }] };
  }
}

/** From here on the collector can be found, asked and stopped. */
function announce(
  { stateDir, shell, log, host, background, onReady }: ServeOptions,
  collector: Collector,
  controlToken: string,
): CollectorState {
  const { pid } = process;
  const report = collector.status();
  const { version, instanceId } = report;
  const url = clientUrl(host, collector.port);
  const identity = processIdentity(pid);
  if (identity === undefined) throw new Error("cannot tell when this process started (neither /proc nor ps answers)");
  const startedAt = Date.parse(report.startedAt);
  const known = { pid, processIdentity: identity, url, controlToken, instanceId, version, startedAt, stopping: false };
  writeState(stateDir, known);
  log.info(`ready at ${url}`, { pid, version });
  const troubled = report.components.filter(({ state }) => state !== "ok");
  const notices = troubled.map(({ kind, id, state, message }) => `${kind} ${id}: ${message ?? state}`);
  tell(shell, { type: "ready", url, pid, notices });
  if (background) shell.parent?.release();
  onReady?.(url, notices);
  return known;
}

async function drain(
  { stateDir, log, onStopping }: ServeOptions,
  collector: Collector,
  state: CollectorState,
  reason: string,
): Promise<StatusReport> {
  log.info(`stopping (${reason}): delivering what is queued, for at most ${drainDeadlineMs} ms`);
  onStopping?.();
  // A disk that is full must not keep the queues from being delivered.
  attempt(log, () => writeState(stateDir, { ...state, stopping: true }));
  const last = await collector.shutdown(drainDeadlineMs);
  const { instanceId, version, startedAt } = state;
  const lastRun = { instanceId, version, startedAt, stoppedAt: Date.now(), reason, totals: totalsOf(last) };
  attempt(log, () => writeLastRun(stateDir, lastRun));
  log.info("stopped");
  return last;
}

function attempt(log: Log, write: () => void): void {
  try {
    write();
  } catch (error) {
    log.warn(`cannot write to the state directory: ${error instanceof Error ? error.message : String(error)}`);
  }
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
