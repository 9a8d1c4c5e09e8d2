// Stored lines for people, as a pane shows them but whole, or for programs, one JSON object a line.

import { type TailedLine, visibleJson } from "@chriscode/devmux-telemetry-exporters/spool";
import {
  createHeaderFormat,
  createRecordFormat,
  type FormatOptions,
  localDate,
} from "@chriscode/devmux-telemetry-exporters/text";
import { painter, type Shell } from "../shell.ts";

/** Nothing is folded here: this is where the rest of a stack is looked for. A record has some MB at most. */
export const wholeRecord: FormatOptions = {
  color: false,
  maxLineChars: 1_048_576,
  maxRecordLines: 1_000_000,
  maxStackFrames: 1_000_000,
};

export interface TailPrinterOptions {
  readonly json: boolean;
  /** Each record says whose it is. */
  readonly named: boolean;
}

/** True where it was a record that was printed. */
export type TailPrinter = (line: TailedLine) => boolean;

export function createTailPrinter(shell: Shell, { json, named }: TailPrinterOptions): TailPrinter {
  return json ? jsonPrinter(shell) : textPrinter(shell, named);
}

/** The spool's own line, with the stream's name in front. */
function jsonPrinter({ stdout }: Shell): TailPrinter {
  return ({ stream, text, line }) => {
    if (line.kind !== "record") return false;
    // Spaces and tabs are all that JSON allows between its parts.
    const fields = visibleJson(text.trim().slice(1)).replace(/[\t\r]/g, " ");
    stdout.write(`{"stream":${JSON.stringify(stream)},${fields}\n`);
    return true;
  };
}

function textPrinter({ stdout, env }: Shell, named: boolean): TailPrinter {
  const paint = painter(stdout, env);
  const color = paint("red", "x") !== "x";
  const format = createRecordFormat({ ...wholeRecord, color });
  const header = createHeaderFormat({ color });
  let date = "";

  function dateOf(timeMs: number): string {
    const day = localDate(timeMs);
    if (day === date) return "";
    date = day;
    return header.date(timeMs);
  }

  return ({ stream, timeMs, line }) => {
    // Lines have times only. A record without a time does not change the date.
    const day = timeMs > 0 ? dateOf(timeMs) : "";
    if (line.kind === "event") {
      stdout.write(day + header.change(timeMs, line.event, stream, `${line.service}, ${line.platform}`));
      return false;
    }
    const label = named ? `${paint("cyan", line.from ?? stream)} ` : line.from === undefined ? "" : `${line.from} `;
    stdout.write(day + format(line, line.attributes, label));
    return true;
  };
}
