// What the commands of `devmux dev` work with: the project, its tmux, the collector's state directory, one at a time.

import { setTimeout as sleep } from "node:timers/promises";
import { createTmux, socketNameOf, type Tmux } from "@chriscode/devmux-telemetry-exporters/tmux";
import { exporterOption } from "../config/exporter-option.ts";
import { readSettings } from "../config/settings.ts";
import { type Lock, tryLock } from "../daemon/lock.ts";
import { prepareStateDirectory, stateDirectory } from "../daemon/state-dir.ts";
import { CliError } from "../errors.ts";
import type { Shell } from "../shell.ts";
import { isHealthy, portOf } from "./health.ts";
import { type Place, placeOf } from "./place.ts";
import { type Project, readProject, type Service } from "./project.ts";
import { type Located, locateSession, type Pane } from "./session.ts";
import { createWatcher, type Watcher } from "./watch.ts";

export interface Environment {
  readonly project: Project;
  readonly tmux: Tmux;
  readonly socketName: string | undefined;
  readonly stateDir: string;
  readonly shell: Shell;
  readonly watcher: Watcher;
  locate(): Promise<Located>;
}

/** Throws ConfigError and CliError; nothing is started or written but the state directory. */
export function openEnvironment(flags: { readonly config?: string | undefined }, shell: Shell): Environment {
  const project = readProject(flags, shell.cwd);
  const stateDir = stateDirectory(shell);
  prepareStateDirectory(stateDir);
  const settings = readSettings({ config: project.file }, shell.cwd);
  const socketName = socketNameOf(exporterOption(settings, "tmux", "socket_name", shell.env), { ...shell.env });
  const tmux = createTmux({ socketName, environment: { ...shell.env } });
  const watcher = createWatcher(tmux, project, stateDir);
  return { project, tmux, socketName, stateDir, shell, watcher, locate: () => locateSession(tmux, project) };
}

/** A start waits 30 s for each service; one that waits for another start has nothing better to do. */
const patienceMs = 120_000;
const pollMs = 50;

/** Two that start or stop the same project would undo each other's work. */
export async function exclusively<T>({ stateDir, project }: Environment, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(stateDir, `dev-${project.mark}.lock`);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function takeLock(stateDir: string, name: string): Promise<Lock> {
  for (const until = Date.now() + patienceMs; ; await sleep(pollMs)) {
    const lock = tryLock(stateDir, name);
    if (lock !== undefined) return lock;
    if (Date.now() > until)
      throw new CliError("DEVMUX_DEV_FAILED", "another devmux is starting or stopping the services of this project");
  }
}

export function paneOf({ session }: Located, name: string): Pane | undefined {
  return session?.panes.find((pane) => pane.name === name);
}

export interface ServiceState {
  /** It answers as its health says; without one, its command runs. */
  readonly healthy: boolean;
  readonly pane: Pane | undefined;
  /** Where what answers runs; undefined where nothing does. */
  readonly place: Place | undefined;
}

export async function stateOf(service: Service, located: Located, shell: Pick<Shell, "env">): Promise<ServiceState> {
  const pane = paneOf(located, service.name);
  if (service.health === undefined) {
    const running = pane !== undefined && !pane.dead;
    return { healthy: running, pane, place: running ? { kind: "ours", pid: pane.pid } : undefined };
  }
  const healthy = await isHealthy(service.health, service, { ...shell.env });
  return { healthy, pane, place: healthy ? placeOf(portOf(service.health), pane, located) : undefined };
}
