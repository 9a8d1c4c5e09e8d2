// A lock between processes. It is SQLite's on a file: the kernel gives it up when the process ends, however it ends, so there is
// no stale lock to recognise and nothing to break.

import { closeSync, openSync } from "node:fs";

export interface FileLock {
  /** Safe twice. */
  release(): void;
}

/** The lock, or undefined where another process (or another part of this one) has it. Makes the file, mode 0600. */
export function lockFile(path: string): FileLock | undefined {
  createPrivate(path);
  // Loaded by who locks something, and not by all who import this.
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is written, so there is nothing to roll back, and no journal to leave behind.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}

/**
 * SQLite would create the file as the umask says. A file that is there is not opened: closing any descriptor of it would give
 * up the lock that this process may have (POSIX, fcntl: record locks belong to the process, not to the descriptor).
 */
function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** https://sqlite.org/rescode.html#busy */
const sqliteBusy = 5;
