// Group commit: while one group of batches is being written and synced, the next one gathers. A batch is answered when the disk
// has it.

import { accepted, type Batch, retryable, type Verdict } from "../../component/index.ts";
import { frameHeaderBytes } from "./frame.ts";
import type { Segment } from "./segment.ts";
import type { Segments } from "./segments.ts";

export interface WriterOptions {
  readonly segments: Segments;
  readonly sync: boolean;
  /** On the disk now: in this segment, up to this offset. */
  written(batch: Batch, segment: Segment, end: number): void;
  /** Not on the disk; its client is told to come again. */
  failed(batch: Batch): void;
  /** Writing failed for this reason, or (undefined) works. */
  trouble(reason: string | undefined): void;
}

export interface Writer {
  put(batch: Batch): Promise<Verdict>;
  /** False for a moment after a failure; then the next batch tries. */
  hasRoom(): boolean;
  /** Resolves when nothing is to be written any more. */
  idle(): Promise<void>;
}

interface Pending {
  readonly batch: Batch;
  readonly answer: (verdict: Verdict) => void;
}

/** What a disk takes in some milliseconds, so that nobody waits long behind others; never more than a segment. */
const maxGroupBytes = 4 * 1024 * 1024;
const maxGroupBatches = 512;
const afterFailureMs = 500;

/** Bytes that a batch takes in a segment. */
export function sizeOf({ byteLength }: Batch): number {
  return byteLength + frameHeaderBytes;
}

export function createWriter({ segments, sync, written, failed, trouble }: WriterOptions): Writer {
  let pending: Pending[] = [];
  let writing: Promise<void> | undefined;
  let closedUntil = 0;

  function nextGroup(): Pending[] {
    let bytes = 0;
    let count = 0;
    for (const { batch } of pending) {
      bytes += sizeOf(batch);
      if (count > 0 && (bytes > Math.min(maxGroupBytes, segments.segmentBytes) || count >= maxGroupBatches)) break;
      count++;
    }
    const group = pending.slice(0, count);
    pending = pending.slice(count);
    return group;
  }

  async function write(group: readonly Pending[]): Promise<void> {
    const batches = group.map(({ batch }) => batch);
    const segment = await segments.writable(batches.reduce((sum, batch) => sum + sizeOf(batch), 0));
    let end = segment.end;
    try {
      await segment.append(batches, sync);
    } catch (error) {
      // A full disk has not taken what it says; after any other failure, of a sync above all, that is not known.
      if (!isFull(error)) await segments.abandon(segment);
      throw error;
    }
    for (const { batch, answer } of group) {
      end += sizeOf(batch);
      written(batch, segment, end);
      answer(accepted);
    }
  }

  function refuse(group: readonly Pending[], error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    closedUntil = performance.now() + afterFailureMs;
    trouble(reason);
    for (const { batch, answer } of group) {
      failed(batch);
      answer(retryable(`the storage cannot be written: ${reason}`, 1_000));
    }
  }

  async function run(): Promise<void> {
    // One turn of the loop, so that what came in together is written together.
    await new Promise(setImmediate);
    while (pending.length > 0) {
      const group = nextGroup();
      try {
        await write(group).catch(async (error) => {
          if (!isFull(error) || !(await segments.reclaim())) throw error;
          await write(group);
        });
        trouble(undefined);
      } catch (error) {
        refuse([...group, ...pending.splice(0)], error);
      }
    }
    writing = undefined;
  }

  return {
    put(batch) {
      return new Promise((answer) => {
        pending.push({ batch, answer });
        writing ??= run();
      });
    },
    hasRoom: () => performance.now() >= closedUntil,
    async idle() {
      while (writing) await writing;
    },
  };
}

function isFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
}
