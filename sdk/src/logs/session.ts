// The session: one load of a page, one run of a process. A tab remembers the one before.

import { ATTR_SESSION_ID, ATTR_SESSION_PREVIOUS_ID, EVENT_SESSION_START } from "@chriscode/devmux-telemetry-protocol";
import { bareUrl } from "../capture/listening.ts";
import type { PageEvent } from "../capture/page.ts";

const storageKey = "devmux.session.id";

/** The event that begins the session `id`, or ends it. */
export function sessionEvent(eventName: string, id: string): PageEvent {
  if (eventName !== EVENT_SESSION_START)
    return { eventName, body: "session ended", attributes: { [ATTR_SESSION_ID]: id } };
  const { document: page, location, innerWidth, innerHeight } = globalThis as Partial<typeof globalThis>;
  return {
    eventName,
    body: "session started",
    attributes: {
      ...(page && {
        "url.full": bareUrl(location?.href),
        "devmux.viewport.width": innerWidth,
        "devmux.viewport.height": innerHeight,
      }),
      [ATTR_SESSION_ID]: id,
      [ATTR_SESSION_PREVIOUS_ID]: replaceStored(id),
    },
  };
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
