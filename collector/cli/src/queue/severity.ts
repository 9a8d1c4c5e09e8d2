// How severe an event of the queue is, compared with what is asked for.

export type QueueSeverity = (typeof queueSeverities)[number];

/** From the least to the most severe; `critical` comes from other writers of the queue. */
export const queueSeverities = ["info", "warning", "error", "critical"] as const;

/** An unknown severity counts as the most severe: better shown than lost. */
export function atLeast(severity: string, lowest: QueueSeverity): boolean {
  const rank = (queueSeverities as readonly string[]).indexOf(severity);
  return rank < 0 || rank >= queueSeverities.indexOf(lowest);
}
