// What a user may set for `queue`, each default with its reason.

import { parseSeverity } from "@chriscode/devmux-telemetry-protocol";
import { duration, size } from "@chriscode/devmux-telemetry-server/component";
import { z } from "zod";
import { maxLineBytes } from "./line-splitter.ts";

export interface QueueConfig {
  /** As written: `~` is not yet the home directory. */
  readonly path: string;
  /** OTel severity number; 0 takes all. */
  readonly minSeverity: number;
  readonly project: string;
  /** 0: nothing is counted, every record is an event. */
  readonly dedupWindowMs: number;
  readonly maxLineBytes: number;
  readonly contextLines: number;
  readonly maxFileBytes: number;
  readonly maxHistoryFiles: number;
}

export const defaultQueuePath = "~/.opencode/triggers/queue.jsonl";

const severity = z
  .string()
  .default("all")
  .transform((text, context) => {
    const number = text === "all" ? 0 : parseSeverity(text);
    if (number !== undefined) return number;
    context.addIssue({
      code: "custom",
      message: `expected all, trace, debug, info, warning, error or fatal, got ${JSON.stringify(text)}`,
    });
    return z.NEVER;
  });

export const queueConfig: z.ZodType<QueueConfig> = z
  .strictObject({
    /** Where coding agents look for it. */
    path: z.string().min(1).default(defaultQueuePath),
    /** Everything: which of it is work is for the reader to say. */
    min_severity: severity,
    /** `project` of every event. */
    project: z.string().min(1).max(200).default("telemetry"),
    /** A render loop or a retry says the same many times a second; one line in this time says how often. 0s writes all. */
    dedup_window: duration("5s"),
    /** One write of this size is still whole between processes, and a reader can hold the line. */
    max_line_bytes: size("256KiB").refine(
      (bytes) => bytes >= 4_096 && bytes <= maxLineBytes,
      "expected 4KiB to 1MiB: readers of the queue hold no longer line",
    ),
    /** What an app printed just before says where it was; more is in the stream. */
    context_lines: z.int().min(0).max(100).default(10),
    /** Read whole by whoever works the queue off: a third of a second. */
    max_file_size: size("32MiB").refine((bytes) => bytes >= 1_048_576, "expected at least 1MiB"),
    /** Files that were full; what is still to be done of them is in the newest. */
    max_history_files: z.int().min(0).max(1_000).default(3),
  })
  .transform((config) => ({
    path: config.path,
    minSeverity: config.min_severity,
    project: config.project,
    dedupWindowMs: config.dedup_window,
    maxLineBytes: config.max_line_bytes,
    contextLines: config.context_lines,
    maxFileBytes: config.max_file_size,
    maxHistoryFiles: config.max_history_files,
  }));
