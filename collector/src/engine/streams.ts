// The streams that exist. Bounded: past the limit everything new is counted under one name.

import type { StreamChange, StreamIdentity, StreamInfo, Streams } from "../component/index.ts";

/** Far more apps than one machine develops at once; each costs a session and a file in the exporters (statement S17). */
export const maxStreams = 256;

interface Entry {
  readonly identity: StreamIdentity;
  readonly sessions: Set<object>;
  records: number;
  errors: number;
  connectedAt: number;
  lastRecordAt: number | undefined;
}

export function createStreams(now: () => number = Date.now): Streams {
  const entries = new Map<string, Entry>();
  const listeners = new Set<(change: StreamChange) => void>();

  function entryOf(identity: StreamIdentity): Entry {
    const known = entries.get(identity.name);
    if (known) return known;
    if (entries.size >= maxStreams && identity.name !== "otlp:other") {
      return entryOf({ name: "otlp:other", service: "other", platform: "otlp" });
    }
    const entry: Entry = {
      identity,
      sessions: new Set(),
      records: 0,
      errors: 0,
      connectedAt: now(),
      lastRecordAt: undefined,
    };
    entries.set(identity.name, entry);
    return entry;
  }

  function tell(change: StreamChange): void {
    for (const listener of listeners) listener(change);
  }

  return {
    list: () => [...entries.values()].map(toInfo),
    opened(identity) {
      const entry = entryOf(identity);
      const session = {};
      if (entry.sessions.size === 0) entry.connectedAt = now();
      entry.sessions.add(session);
      tell({ kind: "opened", stream: identity, at: now() });
      return () => {
        if (entry.sessions.delete(session)) tell({ kind: "closed", stream: identity, at: now() });
      };
    },
    received(identity, records, errors) {
      const entry = entryOf(identity);
      entry.records += records;
      entry.errors += errors;
      entry.lastRecordAt = now();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function toInfo({ identity, sessions, records, errors, connectedAt, lastRecordAt }: Entry): StreamInfo {
  return { ...identity, connected: sessions.size > 0, records, errors, connectedAt, lastRecordAt };
}
