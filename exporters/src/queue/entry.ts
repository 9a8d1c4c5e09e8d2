// What a record becomes in the file: an event's line, or the line that opens an event again.

import { createIsoTime } from "../text/clock.ts";
import type { QueueConfig } from "./config.ts";
import type { Content } from "./event.ts";
import { createLineFormat } from "./line.ts";
import { type KnownContent, keyOfId, type Memory } from "./memory.ts";
import { patchLine } from "./work/patch.ts";

/** A line. */
export interface Entry {
  /** The record's place in the batch. */
  readonly place: number;
  /** Of the event that is there when the line is, and of its content. */
  readonly eventKey: number;
  readonly contentKey: number;
  readonly line: string;
  /** What is known of its content with this line; undefined of one that opens an event again. */
  readonly content?: KnownContent;
  /** What was known of the content before. */
  readonly earlier: KnownContent | undefined;
  /** Present where the line opens an event again: an event of its own instead, for when that one is not there any more. */
  readonly afresh?: () => Entry;
}

/** A record, as far as its lines need it. */
export interface Taken {
  readonly place: number;
  readonly stream: string;
  readonly content: Content;
  readonly contentKey: number;
  /** The id of its event; "" for the identity of a record that cannot come again. */
  readonly id: string;
  readonly identity: string;
  readonly timeMs: number;
}

export interface Entries {
  /** A new event; the memory has it from now on. `earlier` is what it has of the same content. */
  event(taken: Taken, earlier: KnownContent | undefined, context: readonly string[], nowMs: number): Entry;
  /** `known` was resolved, and has happened again. */
  reopening(taken: Taken, known: KnownContent, context: readonly string[], nowMs: number): Entry;
}

export function createEntries(config: QueueConfig, memory: Memory): Entries {
  const lineOf = createLineFormat(config);
  const isoTime = createIsoTime();
  const isoFirstSeen = createIsoTime();

  function event(taken: Taken, earlier: KnownContent | undefined, context: readonly string[], nowMs: number): Entry {
    const { place, stream, content, contentKey, id, identity, timeMs } = taken;
    const eventKey = keyOfId(id);
    const firstSeen = earlier?.firstSeen ?? nowMs;
    if (identity !== "") memory.addEvent(eventKey);
    const known = { id, firstSeen, status: "pending", rev: 0, isWork: content.severity !== "info" };
    memory.setContent(contentKey, known);
    const timestamp = isoTime(timeMs);
    const line = lineOf({ id, timestamp, stream, content, context, firstSeen: isoFirstSeen(firstSeen) });
    return { place, eventKey, contentKey, line, content: known, earlier };
  }

  return {
    event,
    reopening(taken, known, context, nowMs) {
      const { place, contentKey } = taken;
      const line = reopeningLine(known, nowMs);
      const afresh = () => event(taken, memory.content(contentKey), context, nowMs);
      return { place, eventKey: keyOfId(known.id), contentKey, line, earlier: known, afresh };
    },
  };
}

export function reopeningLine({ id, rev }: KnownContent, nowMs: number): string {
  return patchLine({
    op: "status",
    id,
    status: "pending",
    from: "resolved",
    rev: rev + 1,
    by: "collector",
    at: new Date(nowMs).toISOString(),
    note: "seen again after it was resolved",
    reason: "seen_again",
  });
}
