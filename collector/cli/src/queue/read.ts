// The events of the queue as they are now, for commands that look once.

import {
  createQueueView,
  type EventSeverity,
  itemOf,
  type QueueItem,
} from "@chriscode/devmux-telemetry-exporters/queue";
import { withQueueFile } from "./path.ts";

export interface ReadQueue {
  /** In the order of the queue. */
  readonly items: readonly QueueItem[];
  /** Lines that are neither events nor patches: torn, foreign. */
  readonly skipped: number;
}

/** Throws a CliError where the file cannot be read. */
export async function readItems(path: string, lowest: EventSeverity): Promise<ReadQueue> {
  const view = createQueueView(path, { withoutInfo: lowest !== "info" });
  try {
    return await withQueueFile(path, async () => {
      await view.refresh();
      const nowMs = Date.now();
      return { items: [...view.fold.states()].map((state) => itemOf(state, nowMs)), skipped: view.fold.skipped };
    });
  } finally {
    await view.close();
  }
}
