// What an app does not want to be sent.

import { consoleSeverityNumber } from "@chriscode/devmux-telemetry-protocol";
import type { ReadWriteLogRecord } from "@opentelemetry/sdk-logs";

export interface GateOptions {
  /** OTel's severity number; records of less are not sent, those without one are. */
  readonly minSeverity: number;
  /** Texts that a body contains, or patterns that it matches. */
  readonly ignore: readonly (string | RegExp)[];
  /** Sees each record last, and may change it. False keeps it from being sent. */
  readonly beforeSend: (record: ReadWriteLogRecord) => unknown;
}

export const severityNumbers: { readonly [name: string]: number } = { ...consoleSeverityNumber, fatal: 21 };

/** True where the record may go. What `beforeSend` throws is noted; its record goes. */
export function createGate(
  options: GateOptions,
  note: (error: unknown) => void,
): (record: ReadWriteLogRecord) => boolean {
  const { minSeverity, ignore, beforeSend } = options;
  return (record) => {
    const { severityNumber, body } = record;
    if (severityNumber && severityNumber < minSeverity) return false;
    if (typeof body === "string" && ignore.some((each) => matches(body, each))) return false;
    try {
      return beforeSend(record) !== false;
    } catch (error) {
      note(error);
      return true;
    }
  };
}

function matches(text: string, pattern: string | RegExp): boolean {
  // search, because a pattern with the flag g remembers where it was.
  return typeof pattern === "string" ? text.includes(pattern) : text.search(pattern) >= 0;
}
