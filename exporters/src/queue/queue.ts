// Each record becomes a line of queue.jsonl, in order and once; the same content again within a window is counted.

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
import { type AppendEvent, createAppendFile } from "../files/append-file.ts";
import type { FileProblem } from "../files/problem.ts";
import { createConditions } from "../record/conditions.ts";
import type { QueueConfig } from "./config.ts";
import { createDrafts, type Draft } from "./draft.ts";
import { createMemory, keyOfHash, keyOfId } from "./memory.ts";
import { type RecentEvent, recentEvents } from "./recent.ts";

/** A file that could not be written is tried again after this. */
const retryAfterMs = 1_000;
const maxWriteChars = 1024 * 1024;
const lineFeed = 0x0a;

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
  const drafts = createDrafts(config, memory);
  /** How many records of a batch are dealt with, where it could not be written whole. */
  const progress = new WeakMap<Batch, number>();
  const conditions = createConditions(settings);
  let known = false;
  const file = createAppendFile(path, (event) => {
    settings.count(eventCounters[event]);
    settings.log.warn(eventMessages[event], { path });
  });

  /** Opens the file and, the first time, learns what is in it. */
  function open(): FileProblem | undefined {
    const at = file.check();
    conditions.set("file", at.ok ? undefined : at.problem.message);
    if (!at.ok) return at.problem;
    if (!known) for (const event of recentEvents(path)) remember(event);
    known = true;
    return undefined;
  }

  function remember({ id, contentHash, firstSeen, timestamp }: RecentEvent): void {
    memory.addEvent(keyOfId(id));
    const seen = Date.parse(firstSeen);
    const timeMs = Date.parse(timestamp);
    if (Number.isFinite(seen) && Number.isFinite(timeMs)) memory.setContent(keyOfHash(contentHash), seen, timeMs);
  }

  /** How many lines are in the file. */
  function append(lines: readonly string[]): { written: number; problem: FileProblem | undefined } {
    let written = 0;
    for (const part of partsOf(lines)) {
      const at = file.check();
      if (!at.ok) return { written, problem: at.problem };
      const bytes = Buffer.from(part.join(""));
      const appended = file.append(bytes);
      if (appended.problem !== undefined)
        return { written: written + wholeLines(bytes, appended.written), problem: appended.problem };
      written += part.length;
    }
    return { written, problem: undefined };
  }

  /** Counts what made no line, up to the record that has to come again. */
  function count({ suppressed, belowSeverity }: Draft, next: number): void {
    const before = (places: readonly number[]) => places.filter((place) => place < next).length;
    if (suppressed.length > 0) settings.count("duplicates_suppressed", before(suppressed));
    if (belowSeverity.length > 0) settings.count("below_min_severity", before(belowSeverity));
  }

  function write(logs: Logs): Verdict {
    const closed = open();
    if (closed !== undefined) return retryable(closed.message, retryAfterMs);
    const draft = drafts.of(logs, progress.get(logs) ?? 0);
    const { written, problem } = append(draft.lines);
    const next = draft.entries[written]?.place ?? logs.itemCount;
    count(draft, next);
    if (problem === undefined) return accepted;
    drafts.forget(draft, written);
    progress.set(logs, next);
    conditions.set("file", problem.message);
    return retryable(problem.message, retryAfterMs);
  }

  return {
    // What is wrong with the file is said now, not when the first error is waiting to be written.
    async start() {
      open();
    },
    async export(batch) {
      return batch.signal === "logs" ? write(batch) : rejected(`queue takes logs, not ${batch.signal}`);
    },
    async shutdown() {
      file.close();
    },
  };
}

/** One write each: large enough to cost nothing per line, small enough that a crash tears little. */
function* partsOf(lines: readonly string[]): Generator<readonly string[]> {
  let start = 0;
  let chars = 0;
  for (let index = 0; index < lines.length; index++) {
    const { length } = lines[index]!;
    if (chars > 0 && chars + length > maxWriteChars) {
      yield lines.slice(start, index);
      start = index;
      chars = 0;
    }
    chars += length;
  }
  if (start < lines.length) yield start === 0 ? lines : lines.slice(start);
}

/** A line that only lacks its LF is whole: the next append begins with it. */
function wholeLines(bytes: Uint8Array, written: number): number {
  let count = 0;
  for (const byte of bytes.subarray(0, written + 1)) if (byte === lineFeed) count++;
  return count;
}
