// A batch as text for a terminal, in one of three verbosities.

import type { AnyMap, AnyValue, Batch, LogRecord, Logs } from "@chriscode/devmux-telemetry-protocol";
import { streamNameOf } from "../record/stream.ts";
import { createRecordFormat } from "../text/format.ts";
import { createPalette } from "../text/palette.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { Verbosity } from "./config.ts";

/** A line is for reading here; the whole text is in the spool and the queue. */
const maxLineChars = 8_192;
const maxRecordLines = 60;

export type Show = (batch: Batch) => string;

const units = { logs: "log records", traces: "spans", metrics: "data points" } as const;

export function createShow(verbosity: Verbosity, color: boolean): Show {
  const palette = createPalette(color);
  const format = createRecordFormat({ color, maxLineChars, maxRecordLines, maxStackFrames: maxRecordLines });
  const clean = (text: string) => sanitiseLine(text.replace(/\n/g, "\\n"), { color: false, maxLineChars });

  function line(batch: Batch): string {
    return `${palette.dim(`${batch.signal}: ${batch.itemCount} ${units[batch.signal]}, ${batch.byteLength} bytes`)}\n`;
  }

  /** The stream's name stands before the text, since a terminal shows all of them. */
  function record(each: LogRecord, stream: string): string {
    return format(each, each.attributes(), `${palette.dim(stream)} `);
  }

  function pairs(title: string, values: AnyMap): string {
    const shown = Object.entries(values).map(([key, value]) => `      ${clean(key)}: ${clean(textOf(value))}\n`);
    return shown.length === 0 ? "" : `    ${palette.dim(title)}\n${shown.join("")}`;
  }

  function details(each: LogRecord): string {
    const { timeUnixNano, observedTimeUnixNano, severityNumber, severityText, eventName, traceId, spanId, flags } =
      each;
    const fields = {
      timeUnixNano,
      observedTimeUnixNano,
      severityNumber,
      severityText,
      eventName,
      traceId,
      spanId,
      flags,
    };
    const set = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => value !== "" && value !== 0 && value !== 0n),
    );
    const scope = { name: each.scope.name, version: each.scope.version, ...each.scope.attributes() };
    return (
      pairs("record", set) +
      pairs("attributes", each.attributes()) +
      pairs("scope", scope) +
      pairs("resource", each.resource.attributes())
    );
  }

  function records(logs: Logs): string {
    let text = "";
    let resource: LogRecord["resource"] | undefined;
    let stream = "";
    for (const each of logs.records()) {
      if (each.resource !== resource) {
        resource = each.resource;
        stream = streamNameOf(resource);
      }
      text += record(each, stream);
      if (verbosity === "detailed") text += details(each);
    }
    return text;
  }

  return (batch) => (verbosity === "basic" || batch.signal !== "logs" ? line(batch) : records(batch));
}

function textOf(value: AnyValue): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? String(each) : each)) ?? "";
}
