// A record as the lines of a terminal: time, severity, source, text; then the rest of the text and the stack, indented, so
// that no text can look like a record of its own.

import type { AnyMap, LogRecord } from "@chriscode/devmux-telemetry-protocol";
import {
  type Exception,
  exceptionOf,
  exceptionText,
  sourceFileOf,
  sourcePositionOf,
  stackOf,
} from "../record/fields.ts";
import { createTimeOfDay } from "./clock.ts";
import { createPalette } from "./palette.ts";
import { isPlain, type SanitiseOptions, sanitiseLine } from "./sanitise.ts";
import { createSourceFormat } from "./source.ts";
import { textOfValue } from "./value.ts";

export interface FormatOptions extends SanitiseOptions {
  /** Lines of one record, its stack included; the rest is counted. */
  readonly maxRecordLines: number;
  /** Frames of its stack; the rest is counted. */
  readonly maxStackFrames: number;
}

/** What a line shows of a record, apart from its attributes. */
export type ShownRecord = Pick<LogRecord, "timeMs" | "severityNumber" | "body">;

/** The lines of a record, each ended by LF. `attributes` are the record's; `label` stands before the text, clean already. */
export type RecordFormat = (record: ShownRecord, attributes: AnyMap, label?: string) => string;

const indent = "    ";
const lineBreak = /\r?\n/;

export function createRecordFormat(options: FormatOptions): RecordFormat {
  const palette = createPalette(options.color);
  const timeOfDay = createTimeOfDay();
  const sourceText = createSourceFormat();
  const withoutColor = { ...options, color: false };

  /** Text of several lines, or with anything unusual in it; the lines of `stack` are none of the text's. */
  function indented(text: readonly string[], stack: readonly string[]): string {
    const shown = text.slice(0, options.maxRecordLines).map((line) => sanitiseLine(line, options));
    let out = shown.join(`\n${indent}`);
    if (options.color && out.includes("\x1b")) out += palette.reset;
    const frames = stack.slice(0, Math.min(options.maxStackFrames, options.maxRecordLines - shown.length));
    for (const frame of frames) out += `\n${indent}${palette.dim(sanitiseLine(frame, withoutColor))}`;
    const rest = [
      ...countOf(text.length - shown.length, "lines"),
      ...countOf(stack.length - frames.length, "lines of its stack"),
    ];
    return rest.length === 0 ? out : `${out}\n${indent}${palette.dim(`…(+${rest.join(", ")})`)}`;
  }

  function sourceOf(attributes: AnyMap): string {
    const file = sourceFileOf(attributes);
    return file === "" ? "" : `${palette.dim(sourceText(file, ...sourcePositionOf(attributes)))} `;
  }

  return (record, attributes, label = "") => {
    const exception = exceptionOf(attributes);
    const head = `${palette.dim(timeOfDay(record.timeMs || Number.NaN))}${palette.severity(record.severityNumber)}${label}${sourceOf(attributes)}`;
    const text =
      exception === undefined ? textOfValue(record.body) : withException(textOfValue(record.body), exception);
    const stack = stackOf(attributes);
    if (stack === "" && text.length <= options.maxLineChars && isPlain(text)) return `${head}${text}\n`;
    const { lines, frames } = separate(text, stack);
    return `${head}${indented(lines, frames)}\n`;
  };
}

function countOf(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

/** The record's own text, with the exception's type and message where it does not say them. */
function withException(text: string, exception: Exception): string {
  const thrown = exceptionText(exception);
  if (text === "" || text === exception.message) return thrown;
  return text.includes(exception.message) && text.includes(exception.type) ? text : `${text}\n${thrown}`;
}

/**
 * A text may hold the stack (console.error of an error), and V8's stack begins with type and message, which the text says:
 * what both have is shown once.
 */
function separate(text: string, stack: string): { lines: string[]; frames: string[] } {
  const lines = text.split(lineBreak);
  if (stack === "") return { lines, frames: [] };
  const trimmed = stack.split(lineBreak).map((line) => line.trim());
  const inStack = new Set(trimmed.filter((line) => line !== ""));
  const [first = "", ...others] = lines;
  const own = [first, ...others.filter((line) => !inStack.has(line.trim()))];
  const said = new Set(own.map((line) => line.trim()));
  return { lines: own, frames: trimmed.filter((line) => line !== "" && !said.has(line)) };
}
