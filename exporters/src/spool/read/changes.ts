// Tells when something has changed in a directory.

import { type FSWatcher, watch } from "node:fs";

export interface Changes {
  /** What happens from now on counts. */
  begin(): void;
  /** Resolves when something has changed since `begin`, or `signal` aborts. */
  next(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Where the file system tells of no changes (network mounts), or there is no such directory yet, this is the delay. */
const pollMs = 1_000;

export function createChanges(directory: string): Changes {
  let watcher: FSWatcher | undefined;
  let changed = false;
  let wake = () => {};

  function notice(): void {
    changed = true;
    wake();
  }

  function open(): void {
    if (watcher !== undefined) return;
    try {
      watcher = watch(directory, notice);
      watcher.on("error", close);
    } catch {
      // It is asked again at the next look.
    }
  }

  function close(): void {
    watcher?.close();
    watcher = undefined;
  }

  return {
    begin() {
      open();
      changed = false;
    },
    next: (signal) =>
      new Promise((resolve) => {
        if (changed || signal.aborted) return resolve();
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          wake = () => {};
          resolve();
        };
        const timer = setTimeout(done, pollMs);
        signal.addEventListener("abort", done);
        wake = done;
      }),
    close,
  };
}
