// For programs that work the queue off: what is new since a cursor, at once or as soon as there is something.

import { dirname } from "node:path";
import type { TriggerEvent } from "../event.ts";
import { createWatch } from "../watch.ts";
import { type Cursor, cursorText, positionOf } from "./cursor.ts";
import { isOpenState } from "./fold.ts";
import { itemOf, type QueueItem } from "./item.ts";
import { atLeast, type EventSeverity } from "./severity.ts";
import { sinceCursor } from "./since.ts";
import { createQueueView, type QueueView } from "./view.ts";

export interface NewsOptions {
  /** Only what is new since; all that is open where absent. */
  readonly since?: Cursor | undefined;
  readonly lowest: EventSeverity;
  /** Only those; all where absent. */
  readonly where?: ((event: TriggerEvent) => boolean) | undefined;
  /** How long to wait for something. */
  readonly waitMs?: number | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

export interface News {
  /** Open events, in the order in which they became news. */
  readonly items: readonly QueueItem[];
  /** To ask from next time. */
  readonly cursor: string;
  /** The place of `since` is not there any more: another program has replaced the file. Events may be missing, or here twice. */
  readonly isGone: boolean;
}

/** Throws where the queue cannot be read. */
export async function queueNews(path: string, options: NewsOptions): Promise<News> {
  const { waitMs = 0 } = options;
  const end = AbortSignal.any([AbortSignal.timeout(Math.max(1, waitMs)), ...(options.signal ? [options.signal] : [])]);
  const view = createQueueView(path, { withoutInfo: options.lowest !== "info" });
  const watch = createWatch(dirname(path), end);
  try {
    for (;;) {
      const news = await look(view, options);
      if (news.items.length > 0 || waitMs === 0 || end.aborted) return news;
      await watch.changed();
    }
  } finally {
    watch.close();
    await view.close();
  }
}

/** Where the queue ends now. */
export async function queueCursor(path: string): Promise<Cursor> {
  const view = createQueueView(path, { withoutInfo: true });
  try {
    return await cursorOf(view);
  } finally {
    await view.close();
  }
}

async function look(view: QueueView, { since, lowest, where = () => true }: NewsOptions): Promise<News> {
  const next = await cursorOf(view);
  const { isNew, isGone } = since === undefined ? all : await sinceCursor(view, since);
  const items = [...view.fold.states()]
    .filter(
      (state) => isOpenState(state) && atLeast(state.event.severity, lowest) && where(state.event) && isNew(state),
    )
    // What was carried over into a new file stands behind what came meanwhile.
    .sort((a, b) => (a.newAt < b.newAt ? -1 : a.newAt > b.newAt ? 1 : 0))
    .map((state) => itemOf(state, next.timeMs));
  return { items, cursor: cursorText(next), isGone };
}

async function cursorOf(view: QueueView): Promise<Cursor> {
  // Before reading: what comes during it is told by its place.
  const timeMs = Date.now();
  await view.refresh();
  const { end } = view;
  return { timeMs, position: end && positionOf(end) };
}

const all = { isNew: () => true, isGone: false };
