// Which resources the records of a batch have, from the index alone: no record is looked at, and no object made for it.

import { itemMeta, itemRow, itemScope, type Layout, scopeRow, severityMask } from "./layout.ts";
import type { Reading } from "./reading.ts";
import type { ResourceRun } from "./types.ts";

/** One for each run of records behind each other with the same resource. */
export function runsOf({ items, scopes }: Layout, reading: Reading, severityNumber: number): ResourceRun[] {
  const runs: ResourceRun[] = [];
  let from = 0;
  while (from < items.length) {
    const row = scopes[items[from + itemScope]! * scopeRow + 3]!;
    let severe = 0;
    let at = from;
    for (; at < items.length && scopes[items[at + itemScope]! * scopeRow + 3] === row; at += itemRow)
      if ((items[at + itemMeta]! & severityMask) >= severityNumber) severe++;
    runs.push({ resource: reading.resource(row), records: (at - from) / itemRow, severe });
    from = at;
  }
  return runs;
}
