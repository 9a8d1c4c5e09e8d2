// What changes around a collector while records come: its configuration, its clock.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { World } from "../world.ts";
import { createBackend } from "./backend.ts";
import { delivered, end, faulty, forwarder, killNow, to } from "./forwarder.ts";
import { startLoad } from "./load.ts";
import { atRest, type Outcome, outcomeOf } from "./outcome.ts";

interface Collector {
  exporters: Record<string, object>;
  extensions?: Record<string, object>;
}

function rewrite(world: World, change: (collector: Collector) => void): void {
  const file = join(world.dir, "project", "devmux.config.json");
  const content = JSON.parse(readFileSync(file, "utf8")) as { telemetry: { collector: Collector } };
  change(content.telemetry.collector);
  writeFileSync(file, JSON.stringify(content));
}

/**
 * While the backend is down, the exporter's endpoint and the storage's directory change again and again, by reload; every third time
 * the collector is killed while it changes. Then it comes back.
 */
export async function reloaded(times: number): Promise<Outcome> {
  await using away = await createBackend();
  await using backend = await createBackend();
  await using world = await forwarder({ exporters: to(away) });
  await world.start();
  const load = startLoad({ port: world.port, recordsPerRequest: 20 });
  for (let time = 1; time <= times; time++) {
    await load.more(200);
    rewrite(world, (collector) => {
      collector.exporters = to(time % 2 === 0 ? away : backend);
      collector.extensions = { storage: { directory: join(world.dir, `storage-${time % 4}`) } };
    });
    const reloading = world.devmux("telemetry", "reload");
    if (time % 3 === 0) {
      // The process of the command takes longer to start than a change takes; it is met anywhere in it.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 600));
      killNow(world);
    }
    const { code, stderr } = await reloading;
    if (time % 3 === 0) await world.start();
    else if (code !== 0) throw new Error(`reload exited with ${code}: ${stderr}`);
  }
  rewrite(world, (collector) => {
    collector.exporters = to(backend);
  });
  await world.devmux("telemetry", "reload");
  await backend.up();
  await load.more(200);
  await load.stop();
  await delivered(world, load, backend);
  await atRest(world, 20_000);
  return outcomeOf(load, backend, undefined);
}

/** The clock jumps by up to a day, forwards and backwards, many times a second, while the backend is away and back. */
export async function clockJumps(records: number): Promise<Outcome> {
  const faults = await mkdtemp(join(tmpdir(), "devmux-faults-"));
  try {
    await using backend = await createBackend();
    await using world = await forwarder({ exporters: to(backend), env: await faulty(faults) });
    await world.start();
    const clock = join(faults, "clock");
    const jumping = setInterval(() => writeFileSync(clock, String((Math.random() - 0.5) * 2 * 86_400_000)), 40);
    const load = startLoad({ port: world.port, recordsPerRequest: 100 });
    for (let time = 0; time < 2; time++) {
      await backend.down();
      await load.more(records);
      await backend.up();
      await load.more(records);
    }
    await load.stop();
    await delivered(world, load, backend);
    clearInterval(jumping);
    rmSync(clock);
    return await end(world, load, backend);
  } finally {
    await rm(faults, { recursive: true });
  }
}
