// Which lines of a spool someone wants to see: from a time on, of a severity or above, that hold a text.

import { glimpseOf, parseStoredLine, type StoredLine, type StoredRecord } from "../stored-record.ts";

export interface Wish {
  /** Unix milliseconds. */
  readonly sinceMs?: number | undefined;
  /** 1 to 24. */
  readonly minSeverity?: number | undefined;
  readonly matches?: ((record: StoredRecord) => boolean) | undefined;
}

/** The line where it is wanted. Lines that are not are seldom parsed. */
export type Wanted = (line: string) => StoredLine | undefined;

export function createWanted({ sinceMs, minSeverity, matches }: Wish): Wanted {
  const since = sinceMs === undefined ? undefined : new Date(sinceMs).toISOString();
  // Who came and went is of interest only to who sees everything.
  const recordsOnly = minSeverity !== undefined || matches !== undefined;

  return (line) => {
    const glimpse = glimpseOf(line);
    if (glimpse !== undefined) {
      if (since !== undefined && glimpse.timestamp < since) return undefined;
      if (recordsOnly && glimpse.severityNumber === undefined) return undefined;
      if (minSeverity !== undefined && glimpse.severityNumber! < minSeverity) return undefined;
    }
    const parsed = parseStoredLine(line);
    if (parsed === undefined || (sinceMs !== undefined && parsed.timeMs < sinceMs)) return undefined;
    if (parsed.kind === "event") return recordsOnly ? undefined : parsed;
    if (minSeverity !== undefined && parsed.severityNumber < minSeverity) return undefined;
    return matches === undefined || matches(parsed) ? parsed : undefined;
  };
}
