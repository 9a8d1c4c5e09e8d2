// Disks that are full, fail or damage what they keep, under a real collector while its backend is away.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { World } from "../world.ts";
import { createBackend } from "./backend.ts";
import { delivered, end, faulty, forwarder, to } from "./forwarder.ts";
import { type Load, startLoad } from "./load.ts";
import { atRest, countedBy, type Outcome, outcomeOf } from "./outcome.ts";

/** Only root may mount. */
export const canMount: boolean = process.platform === "linux" && process.geteuid?.() === 0 && existsSync("/bin/mount");

export interface Refusing extends Outcome {
  /** How often a client was told to wait. */
  readonly refusals: number;
}

const turnedBack = (world: World, load: Load) =>
  world.until("clients told to wait", () => (load.answers.get(503) ?? 0) > 3 || undefined, 20_000);

/** The storage's disk fills up while the backend is away; it comes back. */
export async function fullDisk(): Promise<Refusing> {
  await using backend = await createBackend();
  await using world = await forwarder({ exporters: to(backend), extensions: { storage: { min_free_space: 0 } } });
  const directory = join(world.stateDir, "storage");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs", directory]);
  try {
    await world.start();
    const load = startLoad({ port: world.port, recordsPerRequest: 100, bodyBytes: 300 });
    await turnedBack(world, load);
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

/** Syncs fail for a while (EIO), three times, while the backend is away. */
export async function failingSyncs(): Promise<Refusing> {
  const faults = await mkdtemp(join(tmpdir(), "devmux-faults-"));
  try {
    await using backend = await createBackend();
    await using world = await forwarder({ exporters: to(backend), env: await faulty(faults) });
    await world.start();
    const load = startLoad({ port: world.port, recordsPerRequest: 50 });
    for (let time = 1; time <= 3; time++) {
      await load.more(1_000);
      writeFileSync(join(faults, "eio"), "");
      await world.until("clients told to wait", () => (load.answers.get(503) ?? 0) >= time || undefined, 20_000);
      rmSync(join(faults, "eio"));
    }
    await load.more(1_000);
    await backend.up();
    await load.stop();
    await delivered(world, load, backend);
    const outcome = await end(world, load, backend);
    return { ...outcome, refusals: load.answers.get(503) ?? 0 };
  } finally {
    await rm(faults, { recursive: true });
  }
}

type Damage = (bytes: Buffer) => Buffer;
const anywhere = (bytes: Buffer) => 64 + Math.floor(Math.random() * (bytes.length - 64));
const damages: readonly Damage[] = [
  (bytes) => bytes.subarray(0, anywhere(bytes)),
  (bytes) => {
    bytes[anywhere(bytes)]! ^= 0x5a;
    return bytes;
  },
  (bytes) => bytes.fill(0, 0, 64),
  (bytes) => {
    const at = anywhere(bytes);
    return bytes.fill(0xee, at, Math.min(at + 4_096, bytes.length));
  },
];

/** What waits is damaged between two lives: cut, changed, its head zeroed, a block of it overwritten; each as often as told. */
export async function damaged(rounds: number): Promise<Outcome> {
  await using backend = await createBackend();
  await using world = await forwarder({ exporters: to(backend), processors: {} });
  const outcomes: Outcome[] = [];
  const store = join(world.stateDir, "storage", "exporter~002fotlp_http");
  let from = 0;
  for (let round = 0; round < rounds * damages.length; round++) {
    await backend.down();
    await world.start();
    const load = startLoad({ port: world.port, recordsPerRequest: 20, from });
    await load.more(400);
    await load.stop();
    from += load.sent;
    await world.devmux("telemetry", "stop");
    const [file] = readdirSync(store).filter((name) => name.endsWith(".segment"));
    const bytes = readFileSync(join(store, file!));
    writeFileSync(join(store, file!), damages[round % damages.length]!(bytes));
    backend.taken.clear();
    await backend.up();
    await world.start();
    const report = await atRest(world, 10_000);
    outcomes.push(outcomeOf(load, backend, countedBy(report)));
    await world.devmux("telemetry", "stop");
  }
  const sum = (key: "sent" | "acknowledged" | "delivered" | "duplicates" | "dropped" | "lost") =>
    outcomes.reduce((total, each) => total + each[key], 0);
  return {
    sent: sum("sent"),
    acknowledged: sum("acknowledged"),
    delivered: sum("delivered"),
    intended: 0,
    duplicates: sum("duplicates"),
    dropped: sum("dropped"),
    lost: sum("lost"),
    ordered: outcomes.every(({ ordered }) => ordered),
    slowestAnswerMs: Math.max(...outcomes.map(({ slowestAnswerMs }) => slowestAnswerMs)),
  };
}
