// What the pane of a stream shows: its records as lines in a small file that `tail -F` follows. The spool is the truth and this a
// view of it: a stream that is too fast to be read is shown in part, with the number of lines that were left out.

import type { AppendEvent } from "../files/append-file.ts";
import type { FileProblem } from "../files/problem.ts";
import { createRotatingFile } from "../files/rotating-file.ts";
import { stackOf } from "../record/fields.ts";
import type { ReadRecord, StreamEvent } from "../spool/line.ts";
import type { StreamPlace } from "../spool/place.ts";
import { localDate } from "../text/clock.ts";
import type { RecordFormat } from "../text/format.ts";
import type { HeaderFormat } from "../text/header.ts";
import { createThinning } from "./thinning.ts";

export interface View {
  /** Shows these records, or says that it left them out. */
  show(records: readonly ReadRecord[]): void;
  /** Who came or went, as a line of our own. */
  change(unixMs: number, event: StreamEvent, stream: string, about: string): void;
  /** Why the file could not be written the last time. */
  readonly problem: FileProblem | undefined;
  /** Says what was left out until now, and gives its descriptor back; the next use takes it again. */
  close(): void;
}

export interface ViewOptions {
  readonly place: StreamPlace;
  readonly format: RecordFormat;
  readonly header: HeaderFormat;
  readonly maxBytes: number;
  /** Lines a second. */
  readonly maxRate: number;
  readonly maxStackFrames: number;
  /** Lines that were left out. */
  readonly onSkipped: (lines: number) => void;
  readonly onEvent: (event: AppendEvent) => void;
}

export function createView({ place, format, header, maxBytes, maxStackFrames, ...options }: ViewOptions): View {
  const { viewPath: path, olderViewPath: olderPath } = place;
  const file = createRotatingFile({ path, olderPath, maxBytes, onEvent: options.onEvent });
  const thinning = createThinning({ maxRate: options.maxRate, onEnd: skipped });
  let date = "";
  let problem: FileProblem | undefined;

  function write(text: string): void {
    if (text === "") return;
    const now = Date.now();
    const today = localDate(now);
    // Lines have times only.
    const bytes = Buffer.from(today === date ? text : header.date(now) + text);
    const at = file.prepare(bytes.length);
    problem = at.ok ? file.append(bytes).problem : at.problem;
    if (problem === undefined) date = today;
  }

  function skipped(lines: number): void {
    options.onSkipped(lines);
    write(header.skipped(Date.now(), lines, place.stream));
  }

  return {
    show(records) {
      let text = "";
      thinning.roll();
      for (const record of records) {
        const { severityNumber, attributes, from } = record;
        if (thinning.admits(severityNumber, linesOf(record, maxStackFrames)))
          text += format(record, attributes, from === undefined ? "" : `${from} `);
      }
      write(text);
    },
    change: (unixMs, event, stream, about) => write(header.change(unixMs, event, stream, about)),
    get problem() {
      return problem;
    },
    close() {
      thinning.end();
      file.close();
    },
  };
}

/** About as many lines as `format` would make of it, without making them. */
function linesOf({ body, attributes }: ReadRecord, maxStackFrames: number): number {
  const text = typeof body === "string" ? lineFeedsOf(body, Number.POSITIVE_INFINITY) : 0;
  return 1 + text + lineFeedsOf(stackOf(attributes), maxStackFrames);
}

function lineFeedsOf(text: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0 && count < most; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
