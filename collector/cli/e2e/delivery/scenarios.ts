// The ways in which delivery goes wrong around a real collector, each played to its end: kills, backends, load. The test runs them
// short, the script long.

import { readFileSync } from "node:fs";
import { createBackend } from "./backend.ts";
import { delivered, end, forwarder, gone, killNow, retry, to } from "./forwarder.ts";
import { droppers, startLoad } from "./load.ts";
import { atRest, countedBy, type Outcome, outcomeOf } from "./outcome.ts";

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
  await atRest(world, 20_000);
  return outcomeOf(load, backend, undefined);
}

/** SIGTERM with the backend down: how long it takes, and that all of it arrives after the next start. */
export async function terminated(): Promise<Outcome & { readonly stopMs: number; readonly kept: number }> {
  await using backend = await createBackend();
  await using world = await forwarder({ exporters: to(backend) });
  await world.start();
  const load = startLoad({ port: world.port, recordsPerRequest: 50 });
  await load.more(5_000);
  await load.stop();
  const report = await atRest(world, 10_000, () => false);
  const startedAt = performance.now();
  process.kill(report.pid, "SIGTERM");
  await gone(report.pid);
  const stopMs = Math.round(performance.now() - startedAt);
  await backend.up();
  await world.start();
  await delivered(world, load, backend);
  const outcome = await end(world, load, backend, [report]);
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
  return await end(world, load, backend);
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
  const queue = { queue_size: "16MiB", batch: { max_items: 1_000 } };
  await using world = await forwarder({
    exporters: to(backend, { sending_queue: queue, compression: "none" }),
    // The others would be what is overloaded.
    processors: { filter: droppers.filter },
  });
  await world.start();
  const { pid } = await world.status();
  const load = startLoad({ port: world.port, recordsPerRequest: 1_000, connections: 8, bodyBytes: 250 });
  let maxResidentMegabytes = 0;
  // On a busy machine it takes longer until there is an overload.
  const isOverloaded = () => (load.answers.get(503) ?? 0) > 50;
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until || (!isOverloaded() && performance.now() < until + 30_000)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    maxResidentMegabytes = Math.max(maxResidentMegabytes, residentMegabytes(pid));
  }
  backend.delayMs = 0;
  await load.stop();
  await delivered(world, load, backend);
  const report = await atRest(world, 20_000);
  const logs = report.components.find(({ kind }) => kind === "receiver")?.signals.logs;
  const outcome = outcomeOf(load, backend, countedBy(report));
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
  const before = await atRest(world, 10_000, (id) => id === "otlp_http");
  const outcome = outcomeOf(load, healthy, countedBy(before));
  // It answers again, and gets everything too.
  stuck.stuck = false;
  await world.devmux("telemetry", "stop");
  await world.start();
  await delivered(world, load, stuck);
  const late = await end(world, load, stuck, [before]);
  return { ...outcome, lost: outcome.lost + late.lost };
}
