// What a batch adds to the queue: the lines that are new, and what came again and is counted. Each is remembered as it is
// drafted, because the next record of the same batch may be the same again, and forgotten where it was not written.

import type { LogRecord, Logs, Resource } from "@chriscode/devmux-telemetry-protocol";
import { queueSeverity } from "@chriscode/devmux-telemetry-protocol";
import { identityOf } from "../record/identity.ts";
import { streamNameOf } from "../record/stream.ts";
import { textOfValue } from "../text/value.ts";
import type { QueueConfig } from "./config.ts";
import { type Context, createContexts } from "./context.ts";
import { createEntries, type Entry, type Taken } from "./entry.ts";
import { type Content, contentOf, eventId } from "./event.ts";
import { type KnownContent, keyOfHash, keyOfId, type Memory } from "./memory.ts";
import type { Repeats } from "./repeats.ts";

export interface Draft {
  /** The records `from` to `end` of the batch, `end` not included. */
  readonly from: number;
  end: number;
  readonly entries: Entry[];
  /** What came again and is counted for its event, not written. */
  readonly repeats: Repeat[];
  /** Records that make nothing, by their place in the batch. */
  readonly suppressed: number[];
  readonly belowSeverity: number[];
  /** Of each stream, with the batch's own records. */
  readonly contexts: Map<string, Context>;
}

interface Repeat {
  readonly place: number;
  /** Of the record; 0 where it cannot come again. */
  readonly key: number;
  /** Of the event that has its content. */
  readonly id: string;
}

export interface Drafts {
  /**
   * In slices, each of which is to be written before the next is asked for. `from`: the first record that an earlier attempt has
   * not dealt with.
   */
  slicesOf(logs: Logs, from: number): Iterable<Draft>;
  /** `unwritten` lines are not in the file, and the records from place `next` on will come again. */
  forget(draft: Draft, unwritten: readonly Entry[], next: number): void;
  /** The draft's records up to `next` are dealt with: errors that come later tell of them. */
  keepContexts(draft: Draft, logs: Logs, next: number): void;
}

/** Some millisecond of work, and few enough that what is made for them dies young. */
const sliceRecords = 128;

export function createDrafts(config: QueueConfig, memory: Memory, repeats: Repeats): Drafts {
  const entries = createEntries(config, memory);
  const contexts = createContexts(config.contextLines);

  function contextOf(found: Map<string, Context>, stream: string): Context {
    let context = found.get(stream);
    if (context === undefined) {
      context = contexts.of(stream);
      found.set(stream, context);
    }
    return context;
  }

  /** The same content again: counted for the event that has it, which is opened again where it was resolved. */
  function repeat(draft: Draft, taken: Taken, known: KnownContent, context: readonly string[], now: number): void {
    const { place, id, identity, contentKey } = taken;
    const key = identity === "" ? 0 : keyOfId(id);
    if (key !== 0) memory.addEvent(key);
    repeats.add(known.id, now);
    draft.repeats.push({ place, key, id: known.id });
    if (known.status === "resolved" && !draft.entries.some((entry) => entry.contentKey === contentKey))
      draft.entries.push(entries.reopening(taken, known, context, now));
  }

  /** What it says, for those after it; undefined where the queue has it already. */
  function add(draft: Draft, record: LogRecord, stream: string, place: number, now: number): Content | undefined {
    const attributes = record.attributes();
    const identity = identityOf(attributes);
    const id = eventId(stream, identity);
    if (identity !== "" && memory.hasEvent(keyOfId(id))) {
      draft.suppressed.push(place);
      return undefined;
    }
    const content = contentOf(record, attributes, stream);
    const contentKey = keyOfHash(content.contentHash);
    // By the records' own clock, where they have one.
    const timeMs = record.timeMs > 0 ? record.timeMs : now;
    const taken = { place, stream, content, contentKey, id, identity, timeMs };
    const context = content.severity === "error" ? contextOf(draft.contexts, stream).lines() : none;
    const known = memory.content(contentKey, content.severity !== "info");
    if (known === undefined || config.dedupWindowMs === 0)
      draft.entries.push(entries.event(taken, known, context, now));
    else repeat(draft, taken, known, context, now);
    return content;
  }

  function take(draft: Draft, record: LogRecord, stream: string, place: number, now: number): void {
    const isBelow = record.severityNumber < config.minSeverity;
    if (isBelow) draft.belowSeverity.push(place);
    const said: Said | undefined = isBelow ? saidBy(record) : add(draft, record, stream, place, now);
    if (said !== undefined) contextOf(draft.contexts, stream).add(record.timeMs || now, said.severity, said.rawContent);
  }

  return {
    *slicesOf(logs, from) {
      const streamOf = createStreamOf();
      let draft = emptyDraft(from);
      let now = Date.now();
      let place = -1;
      for (const record of logs.records()) {
        if (++place < from) continue;
        if (place - draft.from === sliceRecords) {
          yield draft;
          draft = emptyDraft(place);
          now = Date.now();
        }
        take(draft, record, streamOf(record), place, now);
        draft.end = place + 1;
      }
      yield draft;
    },
    forget(draft, unwritten, next) {
      // Backwards: a content that is there twice gets back what was known before the first.
      for (const { eventKey, contentKey, earlier, afresh } of unwritten.toReversed()) {
        if (afresh !== undefined) continue;
        memory.forgetEvent(eventKey);
        if (earlier === undefined) memory.forgetContent(contentKey);
        else memory.setContent(contentKey, earlier);
      }
      for (const { place, key, id } of draft.repeats) {
        if (place < next) continue;
        memory.forgetEvent(key);
        repeats.undo(id);
      }
    },
    keepContexts(draft, logs, next) {
      if (next === draft.end) {
        for (const [stream, context] of draft.contexts) contexts.keep(stream, context);
        return;
      }
      const now = Date.now();
      const found = new Map<string, Context>();
      const streamOf = createStreamOf();
      let place = -1;
      for (const record of logs.records()) {
        if (++place < draft.from) continue;
        if (place >= next) break;
        const { severity, rawContent } = saidBy(record);
        contextOf(found, streamOf(record)).add(record.timeMs || now, severity, rawContent);
      }
      for (const [stream, context] of found) contexts.keep(stream, context);
    },
  };
}

function emptyDraft(from: number): Draft {
  return { from, end: from, entries: [], repeats: [], suppressed: [], belowSeverity: [], contexts: new Map() };
}

const none: readonly string[] = [];

type Said = Pick<Content, "severity" | "rawContent">;

/** What a record says, where nobody will ask whether it is the same as another. */
function saidBy(record: LogRecord): Said {
  return { severity: queueSeverity(record.severityNumber), rawContent: textOfValue(record.body) };
}

/** Records of one resource follow one another and share the object. */
function createStreamOf(): (record: LogRecord) => string {
  let resource: Resource | undefined;
  let stream = "";
  return (record) => {
    if (record.resource !== resource) {
      resource = record.resource;
      stream = streamNameOf(resource);
    }
    return stream;
  };
}
