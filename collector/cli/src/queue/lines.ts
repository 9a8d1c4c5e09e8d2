// A TriggerEvent for people: one line, then its stack, indented.

import type { Paint, Style } from "../shell.ts";
import { visible } from "../show/visible.ts";

/** A TriggerEvent, as far as it is shown; other writers of the queue may leave out what is optional here. */
export interface ShownEvent {
  readonly timestamp: string;
  readonly source: string;
  readonly service?: string | undefined;
  readonly severity: string;
  readonly rawContent: string;
  readonly status?: string | undefined;
  readonly stackTrace?: unknown;
}

/** The frames that matter come first; the queue has the others. */
const maxStackLines = 8;

const styles: Readonly<Record<string, Style>> = {
  info: "cyan",
  warning: "yellow",
  error: "red",
  critical: ["bold", "red"],
};

export function eventLines(event: ShownEvent, paint: Paint): string[] {
  const { timestamp, source, service = source, severity, rawContent, status } = event;
  const stackTrace = Array.isArray(event.stackTrace) ? event.stackTrace.map(String) : [];
  const [first = "", ...more] = rawContent.split("\n");
  const note = status === undefined || status === "pending" ? "" : ` [${status}]`;
  const head = `${paint("dim", clock(timestamp))} ${paint(styles[severity] ?? "bold", visible(severity).padEnd(7))} ${paint("dim", visible(service))}`;
  const stack = stackTrace.filter((line) => !rawContent.includes(line.trim()));
  const hidden = stack.length - maxStackLines;
  return [
    `${head} ${visible(first)}${visible(note)}`,
    ...more.map((line) => `  ${visible(line)}`),
    ...stack.slice(0, maxStackLines).map((line) => paint("dim", `    ${visible(line.trim())}`)),
    ...(hidden > 0 ? [paint("dim", `    … ${hidden} more lines`)] : []),
  ];
}

/** `2026-11-21 01:45:00`, in local time; what is no time is shown as it is. */
function clock(timestamp: string): string {
  const at = new Date(timestamp);
  if (Number.isNaN(at.getTime())) return visible(timestamp);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
