// The `queue` exporter, and how its file is read.

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
