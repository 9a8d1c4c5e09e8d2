// How severe an event is, compared with others.

/** From the least to the most severe; `critical` comes from other writers of the queue. */
export const severities = ["info", "warning", "error", "critical"] as const;

export type EventSeverity = (typeof severities)[number];

/** An unknown severity counts as the most severe: better shown than lost. */
export function severityRank(severity: string): number {
  const rank = (severities as readonly string[]).indexOf(severity);
  return rank < 0 ? severities.length - 1 : rank;
}

export function atLeast(severity: string, lowest: EventSeverity): boolean {
  return severityRank(severity) >= severities.indexOf(lowest);
}
