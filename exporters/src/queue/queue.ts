// Each record becomes a line of queue.jsonl, in order and once; the same content again is counted for the event that has it.

import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Batch, Logs } from "@chriscode/devmux-telemetry-protocol";
import {
  accepted,
  type Exporter,
  rejected,
  retryable,
  type Settings,
  type Verdict,
} from "@chriscode/devmux-telemetry-server/component";
import type { AppendEvent } from "../files/append-file.ts";
import { createConditions } from "../record/conditions.ts";
import { createTurns } from "../record/turns.ts";
import type { QueueConfig } from "./config.ts";
import { createDrafts, type Draft } from "./draft.ts";
import { createJournal } from "./journal.ts";
import { learn } from "./learn.ts";
import { createMemory } from "./memory.ts";
import { createPruning } from "./pruning.ts";
import { createRepeats } from "./repeats.ts";
import { createWriter } from "./writer.ts";

/** A file that could not be written is tried again after this. */
const retryAfterMs = 1_000;
/** Events whose repeats are not written yet; more are written at once. */
const maxRepeated = 4_096;

const eventMessages: { readonly [event in AppendEvent]: string } = {
  replaced: "the queue file was replaced or deleted by another program; going on with the one at its path",
  truncated: "the queue file was truncated by another program; going on at its end",
  torn: "the last line of the queue file was cut off; the next one begins on a line of its own",
};
const eventCounters: { readonly [event in AppendEvent]: string } = {
  replaced: "queue_replaced",
  truncated: "queue_truncated",
  torn: "torn_lines",
};

/** `~` is the home directory; a relative path starts at the working directory. */
export function queuePath(configured: string, home: string = homedir()): string {
  return resolve(configured === "~" || configured.startsWith("~/") ? join(home, configured.slice(1)) : configured);
}

export function createQueueExporter(settings: Settings, config: QueueConfig): Exporter {
  const path = queuePath(config.path);
  const memory = createMemory();
  const repeats = createRepeats();
  const drafts = createDrafts(config, memory, repeats);
  const conditions = createConditions(settings);
  const journal = createJournal(path, {
    onEvent(event) {
      settings.count(eventCounters[event]);
      settings.log.warn(eventMessages[event], { path });
    },
    learn: (line) => learn(line, memory),
    forget: memory.forgetContents,
    beginFile: memory.beginFile,
    forgetOlderFiles: memory.forgetOlderFiles,
  });
  const writer = createWriter(journal, memory, (lines) => settings.count("written_again", lines));
  const pruning = createPruning(path, config, settings);
  /** How many records of a batch are dealt with, where it could not be written whole. */
  const progress = new WeakMap<Batch, number>();
  const turns = createTurns();
  let flushing: NodeJS.Timeout | undefined;
  let isClosed = false;

  /** Learns what others have done to the file, and says what is wrong with it. */
  function sync(): string | undefined {
    const problem = journal.sync();
    conditions.set("file", problem?.message);
    return problem?.message;
  }

  /** Says how often what is there has come again. */
  function flush(): void {
    clearTimeout(flushing);
    flushing = undefined;
    if (repeats.size === 0) return;
    const patches = repeats.take();
    const problem = sync() ?? writer.writeSeen(patches)?.message;
    if (problem === undefined) return;
    repeats.putBack(patches);
    flushSoon();
  }

  function flushSoon(): void {
    flushing ??= setTimeout(flush, config.dedupWindowMs || retryAfterMs);
    flushing.unref();
  }

  /** Counts what made no line, up to the record that has to come again. */
  function count({ suppressed, belowSeverity, repeats: counted }: Draft, next: number): void {
    const before = (places: readonly number[]) => places.filter((place) => place < next).length;
    if (suppressed.length > 0) settings.count("duplicates_suppressed", before(suppressed));
    if (belowSeverity.length > 0) settings.count("below_min_severity", before(belowSeverity));
    const again = counted.map(({ place }) => place);
    if (again.length > 0) settings.count("repeats_counted", before(again));
  }

  /** One slice of a batch. */
  function write(logs: Logs, draft: Draft): Verdict {
    const { unwritten, problem } = writer.write(draft.entries);
    const next = unwritten.reduce((first, { place }) => Math.min(first, place), draft.end);
    count(draft, next);
    drafts.keepContexts(draft, logs, next);
    if (repeats.size > maxRepeated) flush();
    else if (repeats.size > 0) flushSoon();
    pruning.consider(journal.size);
    if (problem === undefined) return accepted;
    drafts.forget(draft, unwritten, next);
    progress.set(logs, next);
    conditions.set("file", problem.message);
    return retryable(problem.message, retryAfterMs);
  }

  async function writeAll(logs: Logs): Promise<Verdict> {
    const slices = drafts.slicesOf(logs, progress.get(logs) ?? 0)[Symbol.iterator]();
    for (;;) {
      await turns.take();
      const closed = isClosed ? "queue is not started" : sync();
      if (closed !== undefined) return retryable(closed, retryAfterMs);
      const { done, value: draft } = slices.next();
      if (done) return accepted;
      const verdict = write(logs, draft);
      if (verdict.kind !== "accepted") return verdict;
      progress.set(logs, draft.end);
    }
  }

  return {
    // What is wrong with the file is said now, not when the first error is waiting to be written.
    async start() {
      isClosed = false;
      sync();
    },
    async export(batch) {
      return batch.signal === "logs" ? writeAll(batch) : rejected(`queue takes logs, not ${batch.signal}`);
    },
    async shutdown() {
      isClosed = true;
      flush();
      clearTimeout(flushing);
      flushing = undefined;
      journal.close();
      await pruning.settled();
    },
  };
}
