// What a queue says now.

import { itemOf, type QueueItem } from "../src/queue/work/item.ts";
import { createQueueView } from "../src/queue/work/view.ts";

export async function itemsOf(path: string): Promise<QueueItem[]> {
  const view = createQueueView(path);
  try {
    await view.refresh();
    return [...view.fold.states()].map((state) => itemOf(state, Date.now()));
  } finally {
    await view.close();
  }
}
