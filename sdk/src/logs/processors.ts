// The processor that sends: it gathers what is seen and what anyone emits, in order, and hands it to the exporter.

import type {
  LogRecordExporter,
  LogRecordProcessor,
  ReadableLogRecord,
  ReadWriteLogRecord,
} from "@opentelemetry/sdk-logs";
import type { Fact } from "../capture/fact.ts";
import { createTimer } from "../transport/timers.ts";
import type { Capture } from "./capture.ts";

/** How what was captured becomes records. A processor of somebody else's provider has none of it. */
export interface Desk {
  /** Nothing leaves yet. */
  readonly isHeld?: boolean;
  /** The capture that is being emitted; OTel emits synchronously. */
  readonly current?: Capture | undefined;
  /** False where the app does not want it. */
  admits(record: ReadWriteLogRecord): boolean;
  /** Emits a capture: it comes back to the processor as a record, if no other processor keeps it. Never throws. */
  emit(capture: Capture): void;
  /** What was seen goes on: it may be added. Never throws. */
  read(fact: Fact): void;
  /** More is held than may be. */
  release(): void;
  /** The record with what is worked out when it leaves. Never throws. */
  complete(record: ReadableLogRecord, capture: Capture | undefined): ReadableLogRecord;
}

const noDesk: Desk = { admits: () => true, emit() {}, read() {}, release() {}, complete: (record) => record };

/** Records that need not wait for more. */
const maxBatchRecords = 64;
/**
 * What gathers while the app lets no timer run; past that it leaves in the middle of the app's work. As much as a burst may
 * have (flood.ts): until then a call pays for itself and not for the others'.
 */
const maxGathered = 2_048;
/** Milliseconds that a record waits at most. */
const maxDelayMs = 50;
/** Milliseconds that an error waits for the other places where it surfaces: the same turn of the event loop, or the next. */
const crashDelayMs = 20;
/** Facts that are kept until somebody can read them; further ones are counted. */
const maxFacts = 1_000;
/**
 * Calls that are read together, when they leave: what comes next may be another of those that are only counted (flood.ts).
 * To read as many takes a third of a millisecond.
 */
const maxUnread = 256;

export interface BatchProcessor extends LogRecordProcessor {
  /** No timer runs any more in a page that goes away: then a record leaves with the next microtask. */
  setLeaving(isLeaving: boolean): void;
}

/** The client's own, which also takes what is no record yet. */
export interface Gathering extends BatchProcessor {
  add(capture: Capture): void;
  /** Hands over what waits. */
  flush(): void;
  /**
   * Takes a fact, to be read at once where its values may change, else when it leaves, and in any case after those before
   * it. While the desk holds all, it is kept.
   */
  take(fact: Fact): void;
}

interface Waiting {
  readonly fact?: Fact;
  readonly capture?: Capture | undefined;
  readonly record?: ReadableLogRecord;
}

/**
 * Hands records to the exporter. After a batch of n records the next one waits n milliseconds: one record at a time goes
 * on at once, 200 a second too (a fixed wait of 50 ms would hold each of them for 25), and a flood fills its batches.
 * At once is a microtask later: it is not the app's call that pays for what leaves. Only in work that lets nothing else
 * run the call pays after all, once in 50 ms.
 */
export function createBatchProcessor(exporter: LogRecordExporter, desk: Desk = noDesk): Gathering {
  let waiting: Waiting[] = [];
  let leaving: Waiting[] | undefined;
  /** Facts among what waits. */
  let unread = 0;
  let isReading = false;
  let nextAt = 0;
  let firstAt = 0;
  let isLeaving = false;
  const timer = createTimer();

  const catchUp = (): void => {
    if (unread === 0 || desk.isHeld) return;
    const gathered = waiting;
    waiting = [];
    unread = 0;
    isReading = true;
    for (const each of gathered) {
      if (each.fact) desk.read(each.fact);
      else waiting.push(each);
    }
    isReading = false;
  };
  const flush = (): void => {
    timer();
    if (desk.isHeld) return;
    const gathered = waiting;
    if (gathered.length === 0) return;
    waiting = [];
    unread = 0;
    leaving = [];
    for (const each of gathered) {
      if (each.record) leaving.push(each);
      else if (each.capture) desk.emit(each.capture);
      else if (each.fact) desk.read(each.fact);
    }
    const records = leaving.flatMap(({ record, capture }) => (record ? desk.complete(record, capture) : []));
    leaving = undefined;
    nextAt = Date.now() + Math.min(records.length, maxDelayMs);
    if (records.length > 0) exporter.export(records, () => {});
  };
  const gather = (each: Waiting): void => {
    const count = waiting.push(each);
    if (isReading) return;
    if (desk.isHeld) return count < maxGathered ? undefined : desk.release();
    // A clock that was set back makes the wait longer than it can be.
    const now = Date.now();
    const waitMs = Math.min(nextAt - now, maxDelayMs);
    if (count === 1) firstAt = now;
    const isLate = Math.abs(now - firstAt) >= maxDelayMs;
    if (count >= maxGathered || (isLate && count < maxBatchRecords)) flush();
    else if (each.capture?.crash && !isLate && !isLeaving) timer(Math.max(waitMs, crashDelayMs), flush);
    else if (count === 1 || count === maxBatchRecords)
      timer(count === 1 && waitMs > 0 && !isLeaving ? waitMs : undefined, flush);
  };

  return {
    onEmit(record) {
      if (!desk.admits(record)) return;
      const each = { record, capture: desk.current };
      if (leaving && desk.current) leaving.push(each);
      else gather(each);
    },
    // What is read while records leave, leaves with them.
    add: (capture) => (leaving ? desk.emit(capture) : gather({ capture })),
    take(fact) {
      const last = desk.isHeld && waiting[maxFacts - 1] && waiting[waiting.length - 1]?.fact;
      const { method, args } = fact;
      if (last) last.more = (last.more ?? 0) + 1;
      // Of a call with nothing but primitive values nobody can change any.
      else if (desk.isHeld || (method && args.every((value) => Object(value) !== value))) {
        gather({ fact });
        if (++unread >= maxUnread) catchUp();
      } else {
        catchUp();
        desk.read(fact);
      }
    },
    flush,
    setLeaving(value) {
      isLeaving = value;
    },
    forceFlush() {
      flush();
      return exporter.forceFlush();
    },
    shutdown() {
      flush();
      return exporter.shutdown();
    },
  };
}
