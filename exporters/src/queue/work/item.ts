// An event as it is shown to people and programs: its own fields, and what the fold knows of it now.

import type { TriggerEvent } from "../event.ts";
import { type EventState, hasLapsed } from "./fold.ts";

/** A TriggerEvent whose `status` is that of now. JSON-safe. */
export interface QueueItem extends TriggerEvent {
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly lastSeen: string;
  /** How often the status has changed. */
  readonly rev: number;
  /** Present while it is `processing`; without `until` it holds until somebody ends it. */
  readonly claim?: { readonly by: string; readonly at?: string; readonly until?: string };
  /** Who resolved or dismissed it, and when. */
  readonly closed?: { readonly by?: string; readonly at?: string };
  readonly note?: string;
}

export function itemOf(state: EventState, nowMs: number): QueueItem {
  const { event, count, lastSeen, rev, by, at, until, note } = state;
  const lapsed = hasLapsed(state, nowMs);
  const status = lapsed ? "pending" : state.status;
  const said = lapsed ? `the claim of ${by ?? "somebody"} ended at ${until}` : note;
  const own = "carried" in event ? withoutFolded(event) : event;
  return {
    ...own,
    status,
    count,
    lastSeen,
    rev,
    ...(status === "processing" && {
      claim: { by: by ?? "", ...(at !== undefined && { at }), ...(until !== undefined && { until }) },
    }),
    ...((status === "resolved" || status === "dismissed") && {
      closed: { ...(by !== undefined && { by }), ...(at !== undefined && { at }) },
    }),
    ...(said !== undefined && { note: said }),
  };
}

/** Without what a carried line has beside the event's own fields. */
function withoutFolded(event: TriggerEvent): TriggerEvent {
  const folded = ["carried", "newAt", "seenKeys", "by", "at", "until", "note"];
  return Object.fromEntries(Object.entries(event).filter(([key]) => !folded.includes(key))) as unknown as TriggerEvent;
}
