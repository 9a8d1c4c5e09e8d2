// `devmux streams` for people: a table.

import type { Paint } from "../shell.ts";
import type { KnownStream } from "../streams/known.ts";
import { shortDuration } from "./duration.ts";
import { visible } from "./visible.ts";

export interface StreamTable {
  readonly streams: readonly KnownStream[];
  readonly paint: Paint;
  /** Unix milliseconds. */
  readonly now: number;
}

const heads = ["STREAM", "SERVICE", "PLATFORM", "STATE", "RECORDS", "ERRORS", "LAST RECORD"];
/** Numbers end where their column ends. */
const numeric = new Set([4, 5]);
/** A service may be called anything. */
const maxCellChars = 60;

export function streamTable({ streams, paint, now }: StreamTable): string[] {
  if (streams.length === 0) return ["No streams yet."];
  const rows = streams.map((stream) => cells(stream, now));
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[], paintCell: (text: string, column: number) => string) =>
    row
      .map((cell, column) => {
        const padded = numeric.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
        return paintCell(padded, column);
      })
      .join("  ")
      .trimEnd();
  return [
    line(heads, (text) => paint("bold", text)),
    ...rows.map((row, index) => line(row, (text, column) => paintCell(text, column, streams[index]!, paint))),
  ];
}

function paintCell(text: string, column: number, { errors, connected }: KnownStream, paint: Paint): string {
  if (column === 0) return paint("cyan", text);
  if (column === 3) return paint(connected ? "green" : "dim", text);
  return column === 5 && (errors ?? 0) > 0 ? paint("red", text) : text;
}

function cells(stream: KnownStream, now: number): string[] {
  const { name, service, platform, connected, connectedAt, records, errors, lastRecordAt } = stream;
  const since = (at: string) => shortDuration(now - Date.parse(at));
  const state = connected ? `connected ${connectedAt === null ? "" : since(connectedAt)}`.trim() : "gone";
  const count = (value: number | null) => (value === null ? "?" : value.toLocaleString("en-US"));
  const last = lastRecordAt === null ? "-" : `${since(lastRecordAt)} ago`;
  return [clip(name), clip(service), clip(platform), state, count(records), count(errors), last];
}

function clip(text: string): string {
  const clean = visible(text);
  return clean.length <= maxCellChars ? clean : `${clean.slice(0, maxCellChars - 1)}…`;
}
