// A line of queue.jsonl: a TriggerEvent. The queue has other writers too, so only what is shown is asked for.

import { z } from "zod";

export type QueueSeverity = (typeof queueSeverities)[number];

/** From the least to the most severe; `critical` comes from other writers. */
export const queueSeverities = ["info", "warning", "error", "critical"] as const;

export interface QueueEvent {
  readonly id: string;
  readonly timestamp: string;
  readonly service: string;
  readonly severity: string;
  readonly rawContent: string;
  readonly stackTrace?: readonly string[] | undefined;
  readonly status?: string | undefined;
}

const eventSchema = z.looseObject({
  id: z.string(),
  timestamp: z.string(),
  service: z.string(),
  severity: z.string(),
  rawContent: z.string(),
  stackTrace: z.array(z.string()).optional(),
  status: z.string().optional(),
});

/** Undefined where the line is no event. Every field that it has stays in it. */
export function parseEvent(line: string): QueueEvent | undefined {
  try {
    const parsed = eventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** An unknown severity counts as the most severe: better shown than lost. */
export function atLeast(severity: string, lowest: QueueSeverity): boolean {
  const rank = (queueSeverities as readonly string[]).indexOf(severity);
  return rank < 0 || rank >= queueSeverities.indexOf(lowest);
}
