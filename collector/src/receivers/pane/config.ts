// Options of the pane receiver, each default with its reason.

import { z } from "zod";
import { duration } from "../../config/units.ts";

export interface PaneReceiverConfig {
  readonly pollIntervalMs: number;
  readonly flushAfterMs: number;
  readonly maxLineChars: number;
  readonly maxRecordLines: number;
  readonly maxSources: number;
}

export const paneReceiverConfig: z.ZodType<PaneReceiverConfig> = z
  .strictObject({
    /** Where the file system tells of changes this is never waited for; elsewhere (network mounts) it is the delay. */
    poll_interval: duration("1s"),
    /** A line waits so long for the frames of a stack to follow it. A program writes them at once; a busy machine takes a moment. */
    flush_after: duration("200ms"),
    /** What is longer is data and no message; as much as the tmux exporter shows. */
    max_line_length: z.int().min(80).max(65_536).default(8_192),
    /** A stack overflow of a language that prints all frames has thousands; the first say where it began. */
    max_record_lines: z.int().min(10).max(2_000).default(200),
    /** Services of one developer's projects; each costs a timer and a few kilobytes. */
    max_sources: z.int().min(1).max(1_000).default(64),
  })
  .transform((config) => ({
    pollIntervalMs: config.poll_interval,
    flushAfterMs: config.flush_after,
    maxLineChars: config.max_line_length,
    maxRecordLines: config.max_record_lines,
    maxSources: config.max_sources,
  }));
