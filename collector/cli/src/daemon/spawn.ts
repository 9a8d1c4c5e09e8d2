// Starts a collector in a process of its own that outlives this one, and waits until it says that it is ready.

import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Shell } from "../shell.ts";
import { maxLogBytes } from "./log-file.ts";
import { type CollectorMessage, collectorMessageSchema } from "./messages.ts";

export type Spawned =
  | CollectorMessage
  | { readonly type: "exited"; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly type: "timeout" };

export interface SpawnOptions {
  readonly shell: Shell;
  readonly stateDir: string;
  /** The command line after the program's name. */
  readonly argv: readonly string[];
  /** The collector's working directory. */
  readonly directory: string;
}

/**
 * The collector's garbage is large buffers and objects that die young. A young generation of 4 MB instead of 16 and two
 * allocation arenas instead of eight for each core keep it at a third of the memory under load (600 to 200 MB at a million
 * records a second through OTLP): collector/cli/bench/otlp.bench.mjs. It is collected by one thread: so little survives that
 * four spend twice as long waiting for each other, beside the clients of the same machine (5 of 15 µs for each `log` message
 * against 1.5 of 13): collector/cli/bench/main-job.bench.mjs.
 */
const memoryFlags = ["--max-semi-space-size=4", "--no-parallel-scavenge"];
const memoryEnvironment = { MALLOC_ARENA_MAX: "2" };

/** A start takes some 300 ms; one that waits for another collector to drain, eight seconds more. */
export const readyTimeoutMs = 20_000;

export function logFile(stateDir: string): string {
  return join(stateDir, "collector.log");
}

export async function spawnCollector({ shell, stateDir, argv, directory }: SpawnOptions): Promise<Spawned> {
  const log = openLog(stateDir);
  const child = fork(shell.entry, argv, {
    cwd: directory,
    env: { ...memoryEnvironment, ...shell.env, DEVMUX_HOME: stateDir },
    execArgv: memoryFlags,
    detached: true,
    // What is shown on a terminal has a file of its own (shown-file.ts); the log is the collector's own words.
    stdio: ["ignore", "ignore", log, "ipc"],
  });
  closeSync(log);
  const over = new AbortController();
  try {
    const timeout = sleep(readyTimeoutMs, { type: "timeout" } as const, { signal: over.signal });
    timeout.catch(() => undefined);
    return await Promise.race([firstMessage(child), exitOf(child), timeout]);
  } finally {
    over.abort();
    // A collector that is not ready stops when this channel closes; one that is ready has closed it already.
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function firstMessage(child: ChildProcess): Promise<Spawned> {
  return new Promise((resolve) => {
    child.on("message", (raw) => {
      const message = collectorMessageSchema.safeParse(raw);
      if (message.success) resolve(message.data);
    });
  });
}

function exitOf(child: ChildProcess): Promise<Spawned> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      // What it said last may still be in the channel, which ends with `disconnect`.
      const report = () => resolve({ type: "exited", code, signal });
      if (child.connected) child.once("disconnect", report);
      else setImmediate(report);
    });
  });
}

function openLog(stateDir: string): number {
  const path = logFile(stateDir);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxLogBytes) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}
