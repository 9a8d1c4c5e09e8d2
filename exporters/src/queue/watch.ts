// Waits for something to happen in a directory.

import { type FSWatcher, watch } from "node:fs";

export interface Watch {
  /** Resolves when something may have changed since it was called last, or the signal aborts. */
  changed(): Promise<void>;
  close(): void;
}

/** For a directory that is not there yet, a file system that tells nobody, and a system that has no watches left. */
const pollMs = 500;

export function createWatch(directory: string, signal: AbortSignal | undefined): Watch {
  let watcher: FSWatcher | undefined;
  let pending = false;
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function notify(): void {
    pending = true;
    wake?.();
  }

  function listen(): void {
    try {
      watcher = watch(directory, { persistent: false }, notify);
      watcher.on("error", () => {
        watcher?.close();
        watcher = undefined;
      });
    } catch {
      watcher = undefined;
    }
  }

  listen();
  return {
    async changed() {
      if (watcher === undefined) listen();
      if (!pending && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, pollMs);
          signal?.addEventListener("abort", notify);
        });
        clearTimeout(timer);
        signal?.removeEventListener("abort", notify);
      }
      pending = false;
    },
    close() {
      watcher?.close();
    },
  };
}
