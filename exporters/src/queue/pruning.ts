// Keeps the queue's file below its size, beside the exporter's work: nothing waits for it.

import type { Settings } from "@chriscode/devmux-telemetry-server/component";
import type { QueueConfig } from "./config.ts";
import { defaultGraceMs, defaultKeepClosedMs, type Pruned, pruneQueue } from "./work/prune.ts";

export interface Pruning {
  /** The file has this size now. */
  consider(size: number): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** Somebody has to act, or another process is at it: no use in trying with every batch. */
const retryAfterMs = 10_000;

export function createPruning(path: string, config: QueueConfig, settings: Settings): Pruning {
  let running: Promise<void> | undefined;
  let notBefore = 0;

  function report(pruned: Pruned): void {
    if (pruned.kind === "failed") {
      notBefore = performance.now() + retryAfterMs;
      // Another process that changes the queue is no problem of the file's.
      if (pruned.cause === "unwritable") settings.log.warn("the queue could not be pruned", { reason: pruned.message });
      return;
    }
    settings.count("queue_pruned");
    const { kept, removed, dropped } = pruned;
    settings.log.info("the queue file was full; what is to be done goes on in a new one", { path, kept, removed });
    if (dropped === 0) return;
    settings.dropped(dropped, "queue_full");
    settings.log.error("open events were dropped: they need more than half of the queue's max_file_size", { dropped });
  }

  return {
    consider(size) {
      if (size <= config.maxFileBytes || running !== undefined || performance.now() < notBefore) return;
      running = pruneQueue(path, {
        keepClosedMs: defaultKeepClosedMs,
        graceMs: defaultGraceMs,
        keepHistory: config.maxHistoryFiles,
        maxOpenBytes: config.maxFileBytes / 2,
        lockTimeoutMs: 0,
      })
        .then(report, (error: unknown) => report({ kind: "failed", cause: "unwritable", message: String(error) }))
        .finally(() => {
          running = undefined;
        });
    },
    settled: async () => running,
  };
}
