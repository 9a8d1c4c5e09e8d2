// A collector that takes OTLP on its own port and hands it to a backend, with processors between that leave records out.

import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createWorld, type World } from "../world.ts";
import type { Backend } from "./backend.ts";
import { droppers, type Load } from "./load.ts";
import { atRest, countedBy, missingOf, type Outcome, outcomeOf } from "./outcome.ts";

export const retry: object = { initial_interval: "20ms", max_interval: "200ms" };

export interface ForwarderOptions {
  readonly exporters: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Those that leave out what is not plain unless given. */
  readonly processors?: Readonly<Record<string, unknown>>;
}

export function forwarder({
  exporters,
  extensions,
  env = {},
  processors = droppers,
}: ForwarderOptions): Promise<World> {
  const receivers = { otlp: { protocols: {} } };
  const logs = { receivers: ["otlp"], processors: Object.keys(processors), exporters: Object.keys(exporters) };
  const service = { pipelines: { logs } };
  const collector = { receivers, processors, exporters, service, ...(extensions ? { extensions } : {}) };
  return createWorld({ telemetry: { collector }, env });
}

export function to(backend: Backend, options: object = {}): { otlp_http: object } {
  return { otlp_http: { endpoint: backend.endpoint, retry_on_failure: retry, ...options } };
}

/** Environment of a collector whose process can be given faults, and the directory by which (faults.mjs). */
export async function faulty(directory: string): Promise<Record<string, string>> {
  await mkdir(directory, { recursive: true });
  const faults = fileURLToPath(new URL("./faults.mjs", import.meta.url));
  return { NODE_OPTIONS: `--import=${faults}`, DEVMUX_TEST_FAULTS: directory };
}

export async function delivered(world: World, load: Load, backend: Backend, timeoutMs = 20_000): Promise<void> {
  await world.until("every acknowledged record", () => missingOf(load, backend) === 0 || undefined, timeoutMs);
}

/** What the collectors say at the end must be what happened. `lives`: the reports of those that were stopped before. */
export async function end(
  world: World,
  load: Load,
  backend: Backend,
  lives: readonly Awaited<ReturnType<World["status"]>>[] = [],
): Promise<Outcome> {
  const report = await atRest(world, 20_000);
  return outcomeOf(load, backend, countedBy(...lives, report));
}

export function pidOf({ stateDir }: World): number {
  return (JSON.parse(readFileSync(join(stateDir, "collector.json"), "utf8")) as { pid: number }).pid;
}

/** Without asking the collector first: it is to be hit in the middle of something. */
export function killNow(world: World): void {
  process.kill(pidOf(world), "SIGKILL");
}

export async function gone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "")
    await new Promise((resolve) => setTimeout(resolve, 5));
}
