// What a user may set for `tmux`, each default with its reason.

import { size } from "@chriscode/devmux-telemetry-server/component";
import { z } from "zod";
import type { ColorMode } from "../text/palette.ts";
import { type Layout, layouts } from "./home.ts";

export interface TmuxConfig {
  readonly socketName: string | undefined;
  readonly layout: Layout;
  readonly color: ColorMode;
  readonly historyLimit: number;
  readonly initialLines: number;
  readonly maxSpoolBytes: number;
  readonly maxViewBytes: number;
  readonly maxStreams: number;
  readonly maxLineChars: number;
  readonly maxRecordLines: number;
  readonly maxStackFrames: number;
  /** Lines a second. */
  readonly maxViewRate: number;
}

export const tmuxConfig: z.ZodType<TmuxConfig> = z
  .strictObject({
    /** `tmux -L`. Absent: $DEVMUX_TMUX_SOCKET, else the user's own server, where `tmux attach` finds the sessions. */
    socket_name: z
      .string()
      .regex(/^[\w.-]{1,60}$/, "expected letters, digits, _, . and - (it becomes a file's name)")
      .optional(),
    /** A session for each stream, which can be looked at side by side; or one session for all, with a window for each. */
    layout: z.enum(layouts).default("sessions"),
    /** A pane is a terminal, so `auto` colors unless NO_COLOR is set. */
    color: z.enum(["auto", "always", "never"]).default("auto"),
    /** Lines to scroll back; tmux keeps them in memory at about 730 bytes each, so this is 7 MB for a full pane. */
    history_limit: z.int().min(100).max(100_000).default(10_000),
    /** Lines that a new pane begins with: several screens, and there at once. */
    initial_lines: z.int().min(0).max(10_000).default(1_000),
    /** A stream keeps this much and as much again in the file before: an hour of a busy app, some 50,000 records each. */
    max_spool_size: size("16MiB").refine((bytes) => bytes >= 65_536, "expected at least 64KiB"),
    /** Some 20,000 lines, and as many in the file before: more than a pane keeps by default. */
    max_view_size: size("2MiB").refine((bytes) => bytes >= 65_536, "expected at least 64KiB"),
    /** More are no apps but a mistake or an attack; they share the stream `other`. */
    max_streams: z.int().min(1).max(4_096).default(256),
    /** Longer lines cost tmux's memory and hide what is around them. */
    max_line_length: z.int().min(80).max(1_048_576).default(8_192),
    /** A record of more lines would push all others out of the pane. */
    max_record_lines: z.int().min(1).max(100_000).default(1_000),
    /** The first say where it happened; the 30 of a framework below them push the next record off the screen. */
    max_stack_frames: z.int().min(0).max(10_000).default(8),
    /** Lines a second: nobody reads them, and at ten times as many tmux takes a whole core to draw what scrolls by. */
    max_view_rate: z.int().min(10).max(1_000_000).default(5_000),
  })
  .transform((config) => ({
    socketName: config.socket_name,
    layout: config.layout,
    color: config.color,
    historyLimit: config.history_limit,
    initialLines: config.initial_lines,
    maxSpoolBytes: config.max_spool_size,
    maxViewBytes: config.max_view_size,
    maxStreams: config.max_streams,
    maxLineChars: config.max_line_length,
    maxRecordLines: config.max_record_lines,
    maxStackFrames: config.max_stack_frames,
    maxViewRate: config.max_view_rate,
  }));
