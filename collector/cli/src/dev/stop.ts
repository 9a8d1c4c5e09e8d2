// Ends what is ours: the panes of the session, in the reverse order of the start. What runs elsewhere is left alone.

import { discover } from "../daemon/discover.ts";
import { type Environment, paneOf } from "./environment.ts";
import { type EndedBy, endFamily } from "./processes.ts";
import type { Service } from "./project.ts";
import { closePane, type Pane } from "./session.ts";

/** As long as a server may take to answer its last requests. */
export const stopGraceMs = 5_000;

export type Stopped =
  | { readonly kind: "stopped"; readonly by: EndedBy }
  /** It did not end, not even by SIGKILL. */
  | { readonly kind: "stuck" }
  | { readonly kind: "absent" }
  /** It runs elsewhere; only the window that showed its log is closed. */
  | { readonly kind: "left" };

export interface StopListener {
  stopped?(name: string, stopped: Stopped): void;
}

/** Ends the command of a service's pane and its children; the pane stays, with what it shows. */
export async function stopService(environment: Environment, service: Service): Promise<Stopped> {
  return endPane(paneOf(await environment.locate(), service.name));
}

async function endPane(pane: Pane | undefined, graceMs = stopGraceMs): Promise<Stopped> {
  if (pane === undefined || pane.dead) return { kind: "absent" };
  const by = await endFamily(pane.pid, { graceMs });
  return by === undefined ? { kind: "stuck" } : { kind: "stopped", by };
}

/** Services first. Their sources are closed, so that the collector reads them to the end, now or when it runs again. */
export async function stopServices(environment: Environment, listener: StopListener = {}): Promise<readonly Stopped[]> {
  const { tmux, project, watcher } = environment;
  const results: Stopped[] = [];
  for (const service of project.services.toReversed()) {
    const stopped = await stopService(environment, service);
    const pane = paneOf(await environment.locate(), service.name);
    await watcher.close(service, pane);
    if (pane !== undefined && stopped.kind !== "stuck") await closePane(tmux, pane.paneId);
    results.push(stopped);
    if (pane !== undefined) listener.stopped?.(service.name, stopped);
  }
  return results;
}

/** A collector drains for five seconds at most. */
const collectorGraceMs = 8_000;

export interface RestOptions {
  readonly listener?: StopListener;
  /** This process, where it may be one of them: it is asked to stop, last, and its window closes with it. */
  readonly self?: { readonly pid: number; stop(): void };
}

/** Then what is ours beside them; the session goes with its last window, unless the user has windows in it. */
export async function stopRest(
  environment: Environment,
  { listener = {}, self }: RestOptions = {},
): Promise<readonly Stopped[]> {
  const results: Stopped[] = [];
  const panes = (await environment.locate()).session?.panes ?? [];
  const own = panes.find(({ pid }) => pid === self?.pid);
  for (const pane of panes.filter((each) => each !== own)) {
    const isTelemetry = pane.name === "telemetry";
    const runsElsewhere = isTelemetry && (await isShownOnly(environment, pane));
    const stopped = await endPane(pane, isTelemetry ? collectorGraceMs : stopGraceMs);
    if (stopped.kind !== "stuck") await closePane(environment.tmux, pane.paneId);
    results.push(stopped);
    if (isTelemetry) listener.stopped?.(pane.name, runsElsewhere ? { kind: "left" } : stopped);
  }
  if (own !== undefined) {
    await environment.tmux.run(["set-option", "-w", "-t", own.paneId, "remain-on-exit", "off"]);
    self?.stop();
  }
  return results;
}

/** A collector runs that is not this pane's process. */
async function isShownOnly({ stateDir }: Environment, { pid }: Pane): Promise<boolean> {
  const found = await discover(stateDir);
  return "state" in found && found.kind !== "stale" && found.state.pid !== pid;
}
