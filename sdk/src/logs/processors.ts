// The two ends of the pipeline of processors: what a record needs first, and what sends it.

import type { LogRecordExporter, LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { after } from "../transport/timers.ts";
import { createBudget, inspect } from "../values/inspect.ts";
import type { ValueLimits } from "../values/limits.ts";
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

export interface BatchProcessorOptions {
  /** Records that leave together at most. */
  readonly maxBatchRecords?: number;
  /** Milliseconds that a record waits at most. */
  readonly maxDelayMs?: number;
}

/**
 * Hands records to the exporter. After a batch of n records the next one waits n milliseconds: one record at a time goes
 * on at once, 200 a second too (a fixed wait of 50 ms would hold each of them for 25), and a flood fills its batches.
 */
export function createBatchProcessor(
  exporter: LogRecordExporter,
  { maxBatchRecords = 64, maxDelayMs = 50 }: BatchProcessorOptions = {},
  emitting: Emitting = {},
): LogRecordProcessor {
  let entries: { readonly record: ReadableLogRecord; readonly capture: Capture | undefined }[] = [];
  let nextAt = 0;
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    if (entries.length === 0) return;
    nextAt = Date.now() + Math.min(entries.length, maxDelayMs);
    const records = entries.map(({ record, capture }) => locate(record, capture));
    entries = [];
    exporter.export(records, () => {});
  };

  return {
    onEmit(record) {
      entries.push({ record, capture: emitting.current });
      // A clock that was set back makes the wait longer than it can be.
      const waitMs = Math.min(nextAt - Date.now(), maxDelayMs);
      if (entries.length >= maxBatchRecords || waitMs <= 0) flush();
      else cancel ??= after(waitMs, flush);
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
  if (capture?.site === undefined) return record;
  const attributes = { ...record.attributes, ...attributesOfSite(capture.site, capture.withStack) };
  return Object.create(record, { attributes: { value: attributes } });
}
