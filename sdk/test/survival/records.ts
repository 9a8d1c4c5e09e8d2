// Which records a row of the survival table has made, and what the table shows of them.

import type { ReceivedRecord } from "../../src/testing/collector-double.ts";
import type { Row } from "../../src/testing/rows/row.ts";
import { markerOf } from "../../src/testing/rows/survive.ts";

/** Those between the row's marker and the next. */
export function recordsOf(records: readonly ReceivedRecord[], index: number): readonly ReceivedRecord[] {
  const from = records.findIndex(({ body }) => body === markerOf(index));
  const to = records.findIndex(({ body }) => body === markerOf(index + 1));
  if (from < 0 || to < from) throw new Error(`expected the markers of row ${index} among ${records.length} records`);
  return records.slice(from + 1, to);
}

export function textOf(row: Row, records: readonly ReceivedRecord[]): string {
  return records.map((record) => row.shows?.(record) ?? String(record.body)).join(" ⏎ ");
}
