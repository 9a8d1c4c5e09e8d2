// What a batch adds to the queue: the lines that are new. Each is remembered as it is drafted, because the next record of the
// same batch may be the same again, and forgotten where it was not written.

import type { LogRecord, Logs, Resource } from "@chriscode/devmux-telemetry-protocol";
import { identityOf } from "../record/identity.ts";
import { streamNameOf } from "../record/stream.ts";
import { createIsoTime } from "../text/clock.ts";
import type { QueueConfig } from "./config.ts";
import { contentOf, eventId } from "./event.ts";
import { createLineFormat } from "./line.ts";
import { type KnownContent, keyOfHash, keyOfId, type Memory } from "./memory.ts";

export interface Draft {
  readonly lines: string[];
  /** One for each line. */
  readonly entries: Entry[];
  /** Records that make no line, by their place in the batch. */
  readonly suppressed: number[];
  readonly belowSeverity: number[];
}

interface Entry {
  /** The record's place in the batch. */
  readonly place: number;
  /** Of the event and of its content, in the queue's memory. */
  readonly idKey: number;
  readonly contentKey: number;
  /** What was known of the content before. */
  readonly earlier: KnownContent | undefined;
}

export interface Drafts {
  /** `from`: the first record that an earlier attempt has not dealt with. */
  of(logs: Logs, from: number): Draft;
  /** Only the first `written` lines are in the file. */
  forget(draft: Draft, written: number): void;
}

export function createDrafts(config: QueueConfig, memory: Memory): Drafts {
  const lineOf = createLineFormat(config);
  const isoTime = createIsoTime();
  const isoFirstSeen = createIsoTime();

  /** False where the queue has it already. */
  function add({ lines, entries }: Draft, record: LogRecord, stream: string, place: number, now: number): boolean {
    const attributes = record.attributes();
    const identity = identityOf(attributes);
    const id = eventId(stream, identity);
    const idKey = keyOfId(id);
    if (identity !== "" && memory.hasEvent(idKey)) return false;
    const content = contentOf(record, attributes, stream);
    const contentKey = keyOfHash(content.contentHash);
    const earlier = memory.content(contentKey);
    // By the records' own times: what a client kept while it was away counts as when it happened.
    const timeMs = record.timeMs > 0 ? record.timeMs : now;
    if (earlier !== undefined && Math.abs(timeMs - earlier.timeMs) < config.dedupWindowMs) return false;
    const firstSeen = earlier?.firstSeen ?? now;
    if (identity !== "") memory.addEvent(idKey);
    memory.setContent(contentKey, firstSeen, timeMs);
    lines.push(lineOf(id, isoTime(timeMs), stream, content, isoFirstSeen(firstSeen)));
    entries.push({ place, idKey, contentKey, earlier });
    return true;
  }

  return {
    of(logs, from) {
      const draft: Draft = { lines: [], entries: [], suppressed: [], belowSeverity: [] };
      const now = Date.now();
      let resource: Resource | undefined;
      let stream = "";
      let place = -1;
      for (const record of logs.records()) {
        place++;
        if (place < from) continue;
        if (record.severityNumber < config.minSeverity) {
          draft.belowSeverity.push(place);
          continue;
        }
        // Records of one resource follow one another and share the object.
        if (record.resource !== resource) {
          resource = record.resource;
          stream = streamNameOf(resource);
        }
        if (!add(draft, record, stream, place, now)) draft.suppressed.push(place);
      }
      return draft;
    },
    forget({ entries }, written) {
      // Backwards: a content that is there twice gets back what was known before the first.
      for (const { idKey, contentKey, earlier } of entries.slice(written).reverse()) {
        memory.forgetEvent(idKey);
        if (earlier === undefined) memory.forgetContent(contentKey);
        else memory.setContent(contentKey, earlier.firstSeen, earlier.timeMs);
      }
    },
  };
}
