// For people who watch: every event once, then what becomes of it, for as long as the queue is there.

import { dirname } from "node:path";
import { createWatch } from "../watch.ts";
import { type EventState, hasLapsed } from "./fold.ts";
import { itemOf, type QueueItem } from "./item.ts";
import { atLeast, type EventSeverity } from "./severity.ts";
import { createQueueView } from "./view.ts";

export interface QueueChange {
  /**
   * `new`: it is in the queue. `reopened`: it was resolved and has happened again. `status`: somebody has changed its status, or
   * a claim has ended. `repeated`: it has happened again, `more` times.
   */
  readonly kind: "new" | "reopened" | "status" | "repeated";
  readonly item: QueueItem;
  /** Of `repeated` and `reopened`; else 0. */
  readonly more: number;
}

export interface ChangesOptions {
  readonly lowest: EventSeverity;
  /** False: what is there, and no more. */
  readonly follow: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly now?: () => number;
}

/** What was shown last. */
type Known = Pick<QueueItem, "status" | "rev" | "count"> & Pick<EventState, "newAt">;

/** More than a queue of the usual size holds; 100 bytes each. */
const maxKnown = 100_000;

/** In the order of the queue. Throws where the queue cannot be read. */
export async function* queueChanges(path: string, options: ChangesOptions): AsyncGenerator<QueueChange, void> {
  const { lowest, follow, signal, now = Date.now } = options;
  const known = new Map<string, Known>();
  /** Claims that will end by themselves. */
  const claimed = new Map<string, EventState>();
  let touched = new Map<string, EventState>();
  const view = createQueueView(path, {
    withoutInfo: lowest !== "info",
    onChange(state) {
      if (atLeast(state.event.severity, lowest)) touched.set(state.event.id, state);
    },
  });
  const watch = follow ? createWatch(dirname(path), signal) : undefined;
  try {
    while (!signal?.aborted) {
      await view.refresh();
      const nowMs = now();
      for (const [id, state] of claimed) if (hasLapsed(state, nowMs)) touched.set(id, view.fold.get(id) ?? state);
      const changed = touched;
      touched = new Map();
      for (const [id, state] of changed) {
        const before = known.get(id);
        const item = itemOf(state, nowMs);
        remember(known, id, { status: item.status, rev: item.rev, count: item.count, newAt: state.newAt });
        if (item.status === "processing") claimed.set(id, state);
        else claimed.delete(id);
        const change = changeOf(item, state.newAt, before);
        if (change !== undefined) yield change;
      }
      if (watch === undefined) return;
      await watch.changed();
    }
  } finally {
    watch?.close();
    await view.close();
  }
}

function changeOf(item: QueueItem, newAt: string, before: Known | undefined): QueueChange | undefined {
  if (before === undefined) return { kind: "new", item, more: 0 };
  const more = Math.max(0, item.count - before.count);
  if (newAt !== before.newAt && item.status === "pending") return { kind: "reopened", item, more };
  if (item.rev > before.rev || item.status !== before.status) return { kind: "status", item, more: 0 };
  return more > 0 ? { kind: "repeated", item, more } : undefined;
}

/** The one that was shown last is the last. */
function remember(known: Map<string, Known>, id: string, shown: Known): void {
  known.delete(id);
  known.set(id, shown);
  if (known.size > maxKnown) for (const oldest of known.keys()) return void known.delete(oldest);
}
