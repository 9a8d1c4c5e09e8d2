// The ways in which delivery goes wrong around a real collector, each played to its end. The test runs them short, the script long.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createWorld, type World } from "../world.ts";
import { type Backend, createBackend } from "./backend.ts";
import { type Load, startLoad } from "./load.ts";
import {
  assertConservation,
  assertPipeline,
  drained,
  droppedBy,
  missingOf,
  type Outcome,
  outcomeOf,
} from "./outcome.ts";

const retry = { initial_interval: "20ms", max_interval: "200ms" };

interface WorldWith {
  readonly exporters: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A collector that takes OTLP on its own port and hands it to these exporters alone. */
function forwarder({ exporters, extensions, env = {} }: WorldWith): Promise<World> {
  const receivers = { otlp: { protocols: {} } };
  const pipelines = { logs: { receivers: ["otlp"], exporters: Object.keys(exporters) } };
  const collector = { receivers, exporters, service: { pipelines }, ...(extensions ? { extensions } : {}) };
  return createWorld({ telemetry: { collector }, env });
}

const to = (backend: Backend, options: object = {}) => ({
  otlp_http: { endpoint: backend.endpoint, retry_on_failure: retry, ...options },
});

const delivered = (world: World, load: Load, backend: Backend, timeoutMs = 20_000) =>
  world.until("every acknowledged record", () => missingOf(load, backend) === 0 || undefined, timeoutMs);

/** What the collector says at the end must be what happened. */
async function end(world: World, load: Load, backend: Backend): Promise<Outcome> {
  const report = await drained(world, 20_000);
  assertConservation(report);
  return outcomeOf(load, backend, droppedBy(report));
}

/** `kill -9` at random moments under load, while the backend refuses a fifth. */
export async function killLoop(kills: number): Promise<Outcome> {
  await using backend = await createBackend();
  await backend.up();
  backend.refuse = 0.2;
  await using world = await forwarder({ exporters: to(backend) });
  await world.start();
  const load = startLoad({ port: world.port, recordsPerRequest: 20, pauseMs: 5 });
  for (let kill = 0; kill < kills; kill++) {
    await load.more(1);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    killNow(world);
    await world.start();
  }
  await load.more(100);
  backend.refuse = 0;
  await load.stop();
  await delivered(world, load, backend);
  return await end(world, load, backend);
}

/** Without asking the collector first: it is to be hit in the middle of something. */
function killNow({ stateDir }: World): void {
  const { pid } = JSON.parse(readFileSync(join(stateDir, "collector.json"), "utf8")) as { pid: number };
  process.kill(pid, "SIGKILL");
}

/** SIGTERM with the backend down: how long it takes, and that all of it arrives after the next start. */
export async function terminated(): Promise<Outcome & { readonly stopMs: number; readonly kept: number }> {
  await using backend = await createBackend();
  await using world = await forwarder({ exporters: to(backend) });
  await world.start();
  const load = startLoad({ port: world.port, recordsPerRequest: 50 });
  await load.more(5_000);
  await load.stop();
  const report = await world.status();
  assertConservation(report);
  assertPipeline(report);
  const startedAt = performance.now();
  process.kill(report.pid, "SIGTERM");
  while (existsSync(`/proc/${report.pid}/cmdline`) && readFileSync(`/proc/${report.pid}/cmdline`, "utf8") !== "")
    await new Promise((resolve) => setTimeout(resolve, 5));
  const stopMs = Math.round(performance.now() - startedAt);
  await backend.up();
  await world.start();
  await delivered(world, load, backend);
  const outcome = await end(world, load, backend);
  return { ...outcome, stopMs, kept: report.components.find(({ id }) => id === "otlp_http")?.queue?.items ?? 0 };
}

/** Seven requests of ten are refused. */
export async function refusing(records: number): Promise<Outcome> {
  await using backend = await createBackend();
  await backend.up();
  backend.refuse = 0.7;
  await using world = await forwarder({ exporters: to(backend, { sending_queue: { batch: { max_items: 2_000 } } }) });
  await world.start();
  const load = startLoad({ port: world.port, recordsPerRequest: 100 });
  await load.more(records);
  await load.stop();
  await delivered(world, load, backend, 10_000);
  assertPipeline(await world.status());
  return await end(world, load, backend);
}

/** Away while records come, twice, and back. */
export async function awayAndBack(records: number): Promise<Outcome> {
  await using backend = await createBackend();
  await using world = await forwarder({ exporters: to(backend) });
  await world.start();
  const load = startLoad({ port: world.port, recordsPerRequest: 100 });
  for (let time = 0; time < 2; time++) {
    await backend.down();
    await load.more(records);
    await backend.up();
    await load.more(records);
  }
  await load.stop();
  await delivered(world, load, backend);
  assertPipeline(await world.status());
  return await end(world, load, backend);
}

/** Only root may mount. */
export const canMount: boolean = process.platform === "linux" && process.geteuid?.() === 0 && existsSync("/bin/mount");

/** The storage's disk fills up while the backend is away; it comes back. */
export async function fullDisk(): Promise<Outcome & { readonly refusals: number }> {
  await using backend = await createBackend();
  await using world = await forwarder({ exporters: to(backend), extensions: { storage: { min_free_space: 0 } } });
  const directory = join(world.stateDir, "storage");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs", directory]);
  try {
    await world.start();
    const load = startLoad({ port: world.port, recordsPerRequest: 100, bodyBytes: 300 });
    await world.until("the disk to be full", () => (load.answers.get(503) ?? 0) > 3 || undefined, 20_000);
    assertConservation(await world.status());
    const acknowledgedBefore = load.acknowledged.size;
    await backend.up();
    await load.more(acknowledgedBefore / 2);
    await load.stop();
    await delivered(world, load, backend);
    const outcome = await end(world, load, backend);
    await world.devmux("telemetry", "stop");
    return { ...outcome, refusals: load.answers.get(503) ?? 0 };
  } finally {
    await world.devmux("telemetry", "stop");
    execFileSync("umount", ["-l", directory]);
  }
}

export interface Overloaded extends Outcome {
  readonly maxResidentMegabytes: number;
  readonly accepted: number;
  readonly refused: number;
}

/** Eight clients send as fast as they can to a backend that takes a twentieth of it. */
export async function overload(seconds: number): Promise<Overloaded> {
  await using backend = await createBackend();
  await backend.up();
  backend.delayMs = 250;
  const queue = { queue_size: "64MiB", batch: { max_items: 1_000 } };
  await using world = await forwarder({ exporters: to(backend, { sending_queue: queue, compression: "none" }) });
  await world.start();
  const { pid } = await world.status();
  const load = startLoad({ port: world.port, recordsPerRequest: 1_000, connections: 8, bodyBytes: 250 });
  let maxResidentMegabytes = 0;
  for (const until = performance.now() + seconds * 1_000; performance.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    maxResidentMegabytes = Math.max(maxResidentMegabytes, residentMegabytes(pid));
  }
  backend.delayMs = 0;
  await load.stop();
  await delivered(world, load, backend);
  const report = await world.status();
  assertPipeline(report);
  const logs = report.components.find(({ kind }) => kind === "receiver")?.signals.logs;
  const outcome = await end(world, load, backend);
  return { ...outcome, maxResidentMegabytes, accepted: logs?.accepted ?? 0, refused: logs?.refused ?? 0 };
}

function residentMegabytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

/** One backend that never answers beside one that does. */
export async function stuckBeside(records: number): Promise<Outcome> {
  await using healthy = await createBackend();
  await using stuck = await createBackend();
  await healthy.up();
  await stuck.up();
  stuck.stuck = true;
  const exporters = {
    ...to(healthy),
    "otlp_http/stuck": { endpoint: stuck.endpoint, retry_on_failure: retry },
  };
  await using world = await forwarder({ exporters });
  await world.start();
  const load = startLoad({ port: world.port, recordsPerRequest: 100 });
  await load.more(records);
  await load.stop();
  await delivered(world, load, healthy);
  assertPipeline(await world.status());
  const outcome = outcomeOf(load, healthy);
  // It answers again, and gets everything too.
  stuck.stuck = false;
  await world.devmux("telemetry", "stop");
  await world.start();
  await delivered(world, load, stuck);
  const late = await end(world, load, stuck);
  return { ...outcome, lost: outcome.lost + late.lost };
}
