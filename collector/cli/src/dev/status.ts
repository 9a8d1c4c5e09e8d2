// What `devmux dev status` and the HTTP API say: the session, its panes, and whether each service works.

import { discover } from "../daemon/discover.ts";
import { type Environment, paneOf, stateOf } from "./environment.ts";
import { describeHealth } from "./health.ts";
import { describePlace } from "./place.ts";

/** The answer of `GET /api/dev/tmux/status`. */
export interface DevStatus {
  /** The session is there. */
  readonly online: boolean;
  readonly session: string;
  readonly panes: readonly { readonly index: string; readonly title: string; readonly command: string }[];
  /** Whether each works, by name; `telemetry` is the collector. */
  readonly services: Readonly<Record<string, boolean>>;
}

export interface ServiceDetail {
  readonly name: string;
  readonly healthy: boolean;
  readonly health: string;
  /** Where it runs, for people. */
  readonly place?: string;
  readonly exitCode?: number;
  readonly watched: boolean;
}

export interface DetailedStatus extends DevStatus {
  readonly details: readonly ServiceDetail[];
}

export async function readStatus(environment: Environment, collectorRuns?: boolean): Promise<DetailedStatus> {
  const { project, shell, stateDir, watcher } = environment;
  const located = await environment.locate();
  const { session } = located;
  const states = await Promise.all(
    project.services.map(async (service) => ({ service, state: await stateOf(service, located, shell) })),
  );
  const telemetry = collectorRuns ?? (await discover(stateDir)).kind === "running";
  const commands = new Map(project.services.map(({ name, command }) => [name, command]));
  const own = new Map([
    ["telemetry", "devmux telemetry start"],
    ["logs", "the streams' logs"],
  ]);
  return {
    online: session !== undefined,
    session: project.sessionName,
    panes: (session?.panes ?? []).map(({ windowIndex, name }) => ({
      index: windowIndex,
      title: name,
      command: commands.get(name) ?? own.get(name) ?? "",
    })),
    services: { ...Object.fromEntries(states.map(({ service, state }) => [service.name, state.healthy])), telemetry },
    details: states.map(({ service, state }) => ({
      name: service.name,
      healthy: state.healthy,
      health: describeHealth(service.health),
      ...(state.place === undefined ? {} : { place: describePlace(state.place) }),
      ...(state.pane?.exitCode === undefined ? {} : { exitCode: state.pane.exitCode }),
      watched: watcher.isOpen(service, paneOf(located, service.name)),
    })),
  };
}
