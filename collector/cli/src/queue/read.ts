// The events of the queue as they are now, for commands that look once.

import {
  createQueueView,
  type EventSeverity,
  itemOf,
  type QueueItem,
} from "@chriscode/devmux-telemetry-exporters/queue";
import { withQueueFile } from "./path.ts";

export interface ReadQueue {
  /** In the order in which they were first seen. */
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
      const items = [...view.fold.states()].map((state) => itemOf(state, nowMs));
      return { items: items.sort(byFirstSeen), skipped: view.fold.skipped };
    });
  } finally {
    await view.close();
  }
}

/** What was carried over into a new file stands behind what came meanwhile. */
function byFirstSeen(a: QueueItem, b: QueueItem): number {
  const [first, second] = [a, b].map(({ firstSeen, timestamp }) => firstSeen ?? timestamp) as [string, string];
  return first < second ? -1 : first > second ? 1 : 0;
}
