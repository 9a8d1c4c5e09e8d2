// The session: one load of a page, one run of a process. A tab remembers the one before.

import {
  ATTR_SESSION_ID,
  ATTR_SESSION_PREVIOUS_ID,
  EVENT_SESSION_END,
  EVENT_SESSION_START,
} from "@chriscode/devmux-telemetry-protocol";
import type { PageEvent } from "../capture/page.ts";

const storageKey = "devmux.session.id";

/** The event that begins the session `id`. */
export function sessionStart(id: string, attributes: PageEvent["attributes"]): PageEvent {
  return {
    eventName: EVENT_SESSION_START,
    body: "session started",
    attributes: { ...attributes, [ATTR_SESSION_ID]: id, [ATTR_SESSION_PREVIOUS_ID]: replaceStored(id) },
  };
}

export function sessionEnd(id: string): PageEvent {
  return { eventName: EVENT_SESSION_END, body: "session ended", attributes: { [ATTR_SESSION_ID]: id } };
}

/** Undefined where there is no such storage, or the page may not use it. */
function replaceStored(id: string): string | undefined {
  try {
    const before = sessionStorage.getItem(storageKey) ?? undefined;
    sessionStorage.setItem(storageKey, id);
    return before === id ? undefined : before;
  } catch {
    return undefined;
  }
}
