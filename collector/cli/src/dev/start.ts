// Starts what does not run: health first, in the order of what depends on what, side by side where nothing does.

import { setTimeout as sleep } from "node:timers/promises";
import { streamsDirectory } from "@chriscode/devmux-telemetry-exporters/spool";
import { discover } from "../daemon/discover.ts";
import { describePortHolder, findPortHolder } from "../daemon/port-holder.ts";
import { logFile } from "../daemon/spawn.ts";
import { collectorArgv, collectorLogArgv, logsArgv, serviceArgv, serviceEnvironment } from "./command-line.ts";
import { type Environment, paneOf, stateOf } from "./environment.ts";
import { describeHealth, portOf } from "./health.ts";
import { describePlace, type Place } from "./place.ts";
import type { Service } from "./project.ts";
import { ensureSession, type OpenSession, runInPane } from "./session.ts";

export type Outcome =
  /** It answered before anything was done. */
  | { readonly kind: "already"; readonly place: Place | undefined }
  | { readonly kind: "started"; readonly afterMs: number }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "skipped"; readonly reason: string };

export interface StartListener {
  begun?(sessionId: string): void;
  waiting?(name: string, what: string, seconds: number): void;
  outcome?(name: string, outcome: Outcome): void;
}

export interface StartOptions {
  readonly listener?: StartListener;
  /** Of the services, those that are started with what they depend on; all unless given. */
  readonly only?: string;
  readonly signal?: AbortSignal;
  readonly waitMs?: number;
}

/** A dev server that compiles first takes some seconds; the setups that this replaces waited as long. */
export const defaultWaitMs = 30_000;
const progressMs = 2_000;
const pollMs = 150;
/** A command without a health of its own that ends within this did not start. */
const settleMs = 500;

export async function startAll(
  environment: Environment,
  options: StartOptions = {},
): Promise<ReadonlyMap<string, Outcome>> {
  const { project, tmux } = environment;
  const { listener = {} } = options;
  const opened = await ensureSession(tmux, project);
  const session = { sessionId: opened.sessionId };
  listener.begun?.(opened.sessionId);
  const outcomes = new Map<string, Outcome>();
  const settle = (name: string, outcome: Outcome) => {
    outcomes.set(name, outcome);
    listener.outcome?.(name, outcome);
    return outcome;
  };
  settle("telemetry", await startCollector(environment, opened, options));
  await startLogs(environment, session);
  const running = new Map<string, Promise<Outcome>>();
  for (const service of wanted(project.services, options.only)) {
    const before = service.dependsOn.map((name) => [name, running.get(name)!] as const);
    running.set(
      service.name,
      (async () => {
        for (const [name, outcome] of before) {
          if (works(await outcome)) continue;
          return settle(service.name, { kind: "skipped", reason: `it needs ${name}` });
        }
        const outcome = await startService(environment, session, service, options).catch(
          (error: unknown): Outcome => ({
            kind: "failed",
            reason: error instanceof Error ? error.message : String(error),
          }),
        );
        return settle(service.name, outcome);
      })(),
    );
  }
  await Promise.all(running.values());
  return outcomes;
}

export function works({ kind }: Outcome): boolean {
  return kind === "already" || kind === "started";
}

function wanted(services: readonly Service[], only: string | undefined): readonly Service[] {
  if (only === undefined) return services;
  const names = new Set([only]);
  for (const { name, dependsOn } of services.toReversed())
    if (names.has(name)) for (const each of dependsOn) names.add(each);
  return services.filter(({ name }) => names.has(name));
}

async function startService(
  environment: Environment,
  session: OpenSession,
  service: Service,
  { listener = {}, signal, waitMs = defaultWaitMs }: StartOptions,
): Promise<Outcome> {
  const { tmux, shell, stateDir, watcher } = environment;
  const before = await stateOf(service, await environment.locate(), shell);
  if (before.healthy) return { kind: "already", place: before.place };
  let { pane } = before;
  if (pane === undefined || pane.dead) {
    const port = portOf(service.health);
    const holder = port === undefined ? undefined : findPortHolder(port);
    // It does not answer as it should and is none of ours: nothing that could be started would get the port.
    if (holder !== undefined)
      return {
        kind: "failed",
        reason: `port ${port} is held by ${describePortHolder(holder)}, which does not answer well`,
      };
    await runInPane(tmux, session, pane, {
      name: service.name,
      argv: serviceArgv(service),
      env: serviceEnvironment(service, shell, stateDir),
      pipe: watcher.prepare(service, pane),
    });
  }
  const begun = Date.now();
  const limit = service.health === undefined ? settleMs : waitMs;
  for (let said = begun; ; await sleep(pollMs)) {
    const located = await environment.locate();
    pane = paneOf(located, service.name);
    if (pane === undefined) return { kind: "failed", reason: "its window was closed" };
    const { healthy } = await stateOf(service, located, shell);
    if (pane.dead && !healthy) return { kind: "failed", reason: howItEnded(pane.exitCode) };
    const waited = Date.now() - begun;
    if (healthy && (service.health !== undefined || waited >= limit)) return { kind: "started", afterMs: waited };
    if (signal?.aborted) return { kind: "failed", reason: "the start was interrupted" };
    if (waited >= limit)
      return {
        kind: "failed",
        reason: `${describeHealth(service.health)} did not answer within ${limit / 1_000} s; it goes on`,
      };
    if (Date.now() - said >= progressMs) {
      said = Date.now();
      listener.waiting?.(service.name, describeHealth(service.health), Math.round(waited / 1_000));
    }
  }
}

function howItEnded(exitCode: number | undefined): string {
  return exitCode === undefined ? "its command was ended by a signal" : `its command ended with exit code ${exitCode}`;
}

/** A collector that runs is left alone, wherever it runs; its window shows its log then. */
async function startCollector(environment: Environment, session: OpenSession, options: StartOptions): Promise<Outcome> {
  const { tmux, project, shell, stateDir } = environment;
  const pane = paneOf(await environment.locate(), "telemetry");
  const found = await discover(stateDir);
  const env = serviceEnvironment({ env: {} }, shell, stateDir);
  if (found.kind === "running") {
    if (pane === undefined || pane.dead)
      await runInPane(tmux, session, pane, {
        name: "telemetry",
        argv: collectorLogArgv(logFile(stateDir)),
        env: {},
        pipe: undefined,
      });
    return { kind: "already", place: undefined };
  }
  await runInPane(tmux, session, pane, {
    name: "telemetry",
    argv: collectorArgv(project, shell),
    env,
    pipe: undefined,
  });
  const begun = Date.now();
  for (;;) {
    const now = await discover(stateDir);
    if (now.kind === "running") return { kind: "started", afterMs: Date.now() - begun };
    const own = paneOf(await environment.locate(), "telemetry");
    if (own === undefined || own.dead)
      return { kind: "failed", reason: "the collector did not start; its window says why" };
    if (options.signal?.aborted || Date.now() - begun > defaultWaitMs)
      return { kind: "failed", reason: "the collector did not answer; its window says more" };
    await sleep(pollMs);
  }
}

async function startLogs({ tmux, stateDir, locate }: Environment, session: OpenSession): Promise<void> {
  const pane = paneOf(await locate(), "logs");
  if (pane !== undefined && !pane.dead) return;
  await runInPane(tmux, session, pane, {
    name: "logs",
    argv: logsArgv(streamsDirectory({ stateDir })),
    env: {},
    pipe: undefined,
  });
}

export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "already":
      return outcome.place === undefined ? "runs already" : `runs already, ${describePlace(outcome.place)}`;
    case "started":
      return `ready after ${(outcome.afterMs / 1_000).toFixed(1)} s`;
    case "failed":
    case "skipped":
      return `${outcome.kind}: ${outcome.reason}`;
  }
}
