// Lines of our own between the records of a stream.

import { createTimeOfDay, localDate } from "./clock.ts";
import { createPalette } from "./palette.ts";
import { type SanitiseOptions, sanitiseLine } from "./sanitise.ts";

export interface HeaderFormat {
  /** `── 2026-11-21 ──`: the lines below have times only. */
  date(unixMs: number): string;
  /** `── 12:34:56 connected: browser:localhost-3000 (shop, browser) ──` */
  change(unixMs: number, kind: "connected" | "disconnected", stream: string, about: string): string;
  /** `── 12:34:56 45,000 lines skipped here; all of them: devmux tail browser:localhost-3000 ──` */
  skipped(unixMs: number, lines: number, stream: string): string;
}

export function createHeaderFormat({ color }: Pick<SanitiseOptions, "color">): HeaderFormat {
  const palette = createPalette(color);
  const timeOfDay = createTimeOfDay();
  // Names come from outside, and a record's body must not be able to pass for a header: all of it is one clean line.
  const line = (text: string) =>
    `${palette.dim(`── ${sanitiseLine(text.replace(/\n/g, " "), { color: false, maxLineChars: 400 })} ──`)}\n`;
  return {
    date: (unixMs) => line(localDate(unixMs)),
    change: (unixMs, kind, stream, about) => line(`${timeOfDay(unixMs).slice(0, 8)} ${kind}: ${stream} (${about})`),
    skipped: (unixMs, lines, stream) =>
      line(
        `${timeOfDay(unixMs).slice(0, 8)} ${lines.toLocaleString("en-US")} ${lines === 1 ? "line" : "lines"} skipped here; all of them: devmux tail ${stream}`,
      ),
  };
}
