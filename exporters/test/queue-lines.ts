// Lines of a queue, as the collector or another program would write them.

export const seenAt = "2026-11-21T12:00:00.000Z";

/** A TriggerEvent; its id and text are its name. */
export function eventLine(name: string, rest: object = {}): string {
  const event = { id: name, timestamp: seenAt, source: "telemetry:a", severity: "error", rawContent: name };
  return `${JSON.stringify({ ...event, status: "pending", firstSeen: seenAt, ...rest })}\n`;
}

export function statusLine(id: string, status: string, rest: object = {}): string {
  return `${JSON.stringify({ op: "status", id, status, ...rest })}\n`;
}
