// The `queue` exporter, how its file is read, and how the events in it are worked off.

export { defaultQueuePath, type QueueConfig } from "./config.ts";
export type { EventPattern, TriggerEvent } from "./event.ts";
export { factory } from "./factory.ts";
export { queuePath } from "./queue.ts";
export {
  type FollowOptions,
  followQueue,
  type QueueEntry,
  type QueuePosition,
  type ReadOptions,
  readQueue,
} from "./reader.ts";
export { type Change, type ChangeOptions, changeStatus } from "./work/change.ts";
export { type ChangesOptions, type QueueChange, queueChanges } from "./work/changes.ts";
export { type Cursor, cursorText, parseCursor } from "./work/cursor.ts";
export { findEvent, type Wish } from "./work/decide.ts";
export type { EventState } from "./work/fold.ts";
export { itemOf, type QueueItem } from "./work/item.ts";
export { type News, type NewsOptions, queueCursor, queueNews } from "./work/news.ts";
export { type Pruned, type PruneOptions, pruneQueue } from "./work/prune.ts";
export { atLeast, type EventSeverity, severities } from "./work/severity.ts";
export { isOpen, type Status, statuses } from "./work/status.ts";
export { createQueueView, type QueueView } from "./work/view.ts";
