// What the collector sends, read in as few bytes as a page can spare. `parseServerMessage` is the one that explains.

import type { ServerMessage } from "./messages.ts";
import { protocolName, protocolVersion } from "./messages.ts";

/** What a collector says is short; a longer text is not from one, and is not parsed. */
export const maxServerTextLength = 65_536;

/**
 * A message of this protocol and version whose payload is an object; undefined for anything else. The payload's fields are
 * not looked at: they may be missing or of another type, whatever the types here say.
 */
export function readServerMessage(data: unknown): ServerMessage | undefined {
  if (typeof data !== "string" || data.length > maxServerTextLength) return undefined;
  try {
    const message = JSON.parse(data) as ServerMessage;
    const { protocol, version, payload } = message;
    if (protocol === protocolName && version === protocolVersion && typeof payload === "object" && payload)
      return message;
  } catch {
    // No JSON, or no object.
  }
  return undefined;
}
