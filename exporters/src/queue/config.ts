// What a user may set for `queue`, each default with its reason.

import { parseSeverity } from "@chriscode/devmux-telemetry-protocol";
import { duration, size } from "@chriscode/devmux-telemetry-server/component";
import { z } from "zod";

export interface QueueConfig {
  /** As written: `~` is not yet the home directory. */
  readonly path: string;
  /** OTel severity number; 0 takes all. */
  readonly minSeverity: number;
  readonly project: string;
  readonly dedupWindowMs: number;
  readonly maxLineBytes: number;
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
    /** A render loop or a retry says the same many times a second; what comes back after this is news. 0s writes all. */
    dedup_window: duration("5s"),
    /** One write of this size is still whole between processes, and a reader can hold the line. */
    max_line_bytes: size("256KiB").refine((bytes) => bytes >= 4_096, "expected at least 4KiB"),
  })
  .transform((config) => ({
    path: config.path,
    minSeverity: config.min_severity,
    project: config.project,
    dedupWindowMs: config.dedup_window,
    maxLineBytes: config.max_line_bytes,
  }));
