// The last processor: hands records to the exporter. The first after a pause leaves at once; the more come, the longer
// they wait for each other.

import type { LogRecordExporter, LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { CallSite } from "../capture/site.ts";
import { fieldsOf } from "../transport/encode-record.ts";
import { after } from "../transport/timers.ts";
import type { Emitting } from "./capture-processor.ts";
import { attributesOfSite } from "./records.ts";

export interface BatchProcessorOptions {
  /** Records that leave together at most. */
  readonly maxBatchRecords?: number;
  /** Milliseconds that a record waits at most. */
  readonly maxDelayMs?: number;
}

interface Entry {
  readonly record: ReadableLogRecord;
  readonly site: CallSite | undefined;
  readonly withStack: boolean;
}

/**
 * After a batch of n records the next one waits n milliseconds: one record at a time goes on at once, 200 a second too
 * (a fixed wait of 50 ms would hold each of them for 25), and a flood fills its batches.
 */
export function createBatchProcessor(
  exporter: LogRecordExporter,
  { maxBatchRecords = 64, maxDelayMs = 50 }: BatchProcessorOptions = {},
  emitting: Emitting = { current: undefined },
): LogRecordProcessor {
  let entries: Entry[] = [];
  let nextAt = 0;
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    const leaving = entries;
    entries = [];
    if (leaving.length === 0) return;
    nextAt = Date.now() + Math.min(leaving.length, maxDelayMs);
    exporter.export(leaving.map(locate), () => {});
  };

  return {
    onEmit(record) {
      const { current } = emitting;
      entries.push({ record, site: current?.site, withStack: current?.withStack === true });
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

/** The record with the place it came from. */
function locate({ record, site, withStack }: Entry): ReadableLogRecord {
  if (site === undefined) return record;
  return { ...fieldsOf(record), attributes: { ...record.attributes, ...attributesOfSite(site, withStack) } };
}
