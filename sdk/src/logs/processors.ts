// The two ends of the pipeline of processors: what a record needs first, and what sends it.

import type {
  LogRecordExporter,
  LogRecordProcessor,
  ReadableLogRecord,
  ReadWriteLogRecord,
} from "@opentelemetry/sdk-logs";
import { after } from "../transport/timers.ts";
import { createBudget, inspect } from "../values/inspect.ts";
import type { ValueLimits } from "../values/limits.ts";
import { mergedOf } from "./crashes.ts";
import type { Capture } from "./records.ts";
import { attributesOfSite } from "./records.ts";

/** The capture that is being emitted; OTel emits synchronously. */
export interface Emitting {
  current?: Capture | undefined;
}

/** Gives our own captures what does not go through OTel's attribute copy, and makes other people's bodies safe to keep. */
export function createCaptureProcessor(emitting: Emitting, limits: ValueLimits): LogRecordProcessor {
  return {
    onEmit(record) {
      const { body } = record;
      if (emitting.current !== undefined) Object.assign(record.attributes, emitting.current.data);
      // A later change, a cycle or a million items are not to reach what sends it. Bytes are what they are.
      else if (typeof body === "object" && body) {
        record.setBody(body instanceof Uint8Array ? body.slice() : inspect(body, createBudget(limits)).value);
      }
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** Records that need not wait for more. */
const maxBatchRecords = 64;
/** What gathers while the app lets no timer run; past that it leaves in the middle of the app's work. */
const maxGathered = 512;
/** Milliseconds that a record waits at most. */
const maxDelayMs = 50;
/** Milliseconds that an error waits for the other places where it surfaces: the same turn of the event loop, or the next. */
const crashDelayMs = 20;

export interface BatchProcessor extends LogRecordProcessor {
  /** No timer runs any more in a page that goes away: then a record leaves with the next microtask. */
  setLeaving(isLeaving: boolean): void;
}

/**
 * Hands records to the exporter. After a batch of n records the next one waits n milliseconds: one record at a time goes
 * on at once, 200 a second too (a fixed wait of 50 ms would hold each of them for 25), and a flood fills its batches.
 * But for the first of a pause it is not the app's call that pays for what leaves.
 */
export function createBatchProcessor(
  exporter: LogRecordExporter,
  emitting: Emitting = {},
  admits: (record: ReadWriteLogRecord) => boolean = () => true,
): BatchProcessor {
  let entries: { readonly record: ReadableLogRecord; readonly capture: Capture | undefined }[] = [];
  let nextAt = 0;
  let firstAt = 0;
  let isLeaving = false;
  let cancel = (): void => {};

  const flush = (): void => {
    cancel();
    const leaving = entries;
    entries = [];
    nextAt = Date.now() + Math.min(leaving.length, maxDelayMs);
    const records = leaving.map(({ record, capture }) => locate(record, capture));
    if (records.length > 0) exporter.export(records, () => {});
  };
  const flushIn = (delayMs: number): void => {
    cancel();
    cancel = after(delayMs, flush);
  };

  return {
    onEmit(record) {
      if (!admits(record)) return;
      const count = entries.push({ record, capture: emitting.current });
      // A clock that was set back makes the wait longer than it can be.
      const now = Date.now();
      const waitMs = Math.min(nextAt - now, maxDelayMs);
      if (count === 1) firstAt = now;
      if (isLeaving) {
        if (count === 1) queueMicrotask(flush);
      } else if (emitting.current?.crash && count < maxGathered && Math.abs(now - firstAt) < maxDelayMs)
        flushIn(Math.max(waitMs, crashDelayMs));
      else if (count >= maxGathered || (count === 1 && waitMs <= 0)) flush();
      else if (count === 1 || count === maxBatchRecords) flushIn(count === 1 ? waitMs : 0);
    },
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

/** The record with the place it came from. It keeps its accessors, which a copy of its fields would not have. */
function locate(record: ReadableLogRecord, capture: Capture | undefined): ReadableLogRecord {
  if (capture === undefined) return record;
  const { site, withStack, crash } = capture;
  if (crash) crash.hasLeft = true;
  const merged = mergedOf(capture);
  const place = site && attributesOfSite(site, withStack);
  if (!place && !merged) return record;
  const { body = record.body, eventName = record.eventName } = merged ?? {};
  const attributes = { ...record.attributes, ...place, ...merged?.attributes };
  return Object.create(record, {
    attributes: { value: attributes },
    body: { value: body },
    eventName: { value: eventName },
  });
}
