// One at a time changes the status of events. The lock is SQLite's on an empty file beside the queue: the kernel gives it up when
// its process ends, however it ends, so no lock is ever stale, and one whose process is stopped is waited for, not broken.
// Whoever only appends (the collector) never takes it.

import { randomInt } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

export interface LockOptions {
  /** How long to wait for others. 0 asks once. */
  readonly timeoutMs: number;
}

export type Locked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** Not ok where others hold the lock all the time. Throws where there can be no lock beside the queue, e.g. no directory. */
export async function withQueueLock<T>(
  path: string,
  { timeoutMs }: LockOptions,
  work: () => Promise<T>,
): Promise<Locked<T>> {
  const lockPath = `${path}.lock`;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const database = await tryLock(lockPath);
    if (database !== undefined) {
      try {
        return { ok: true, value: await work() };
      } finally {
        database.close();
      }
    }
    if (performance.now() >= deadline) return { ok: false };
    // Not all at the same moment.
    await sleep(randomInt(1, 10));
  }
}

async function tryLock(lockPath: string): Promise<DatabaseSync | undefined> {
  createPrivate(lockPath);
  const sqlite = await import("node:sqlite");
  const database = new sqlite.DatabaseSync(lockPath, { timeout: 0 });
  try {
    // Nothing is written, so there is nothing to roll back, and no journal to leave behind.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE");
    return database;
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
}

/**
 * SQLite would create the file as the umask says. A file that is there is not opened: closing any descriptor of it would give
 * up the lock that this process may have (POSIX, fcntl: record locks belong to the process, not to the descriptor).
 */
function createPrivate(lockPath: string): void {
  try {
    closeSync(openSync(lockPath, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** https://sqlite.org/rescode.html#busy */
const sqliteBusy = 5;
