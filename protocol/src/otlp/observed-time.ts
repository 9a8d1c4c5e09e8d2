// Records that no one has observed yet get the moment at which they came in.

import {
  bufferShift,
  hasObservedTime,
  itemEnd,
  itemHigh,
  itemLow,
  itemMeta,
  itemRow,
  itemStart,
  type Layout,
} from "./layout.ts";
import { rewriteItems } from "./rewrite.ts";
import { msToNanos } from "./wire/int64.ts";
import type { Writer } from "./wire/writer.ts";

/** The layout itself where all have an observed time, as what an SDK sends has. */
export function observeAt(layout: Layout, ms: number): Layout {
  if (allObserved(layout)) return layout;
  const time = { lo: 0, hi: 0 };
  msToNanos(ms, time);
  return rewriteItems(layout, (items: Uint32Array, at: number, writer: Writer): boolean => {
    if ((items[at + itemMeta]! & hasObservedTime) !== 0) return false;
    const bytes = layout.buffers[items[at + itemMeta]! >>> bufferShift]!;
    writer.copy(bytes, items[at + itemStart]!, items[at + itemEnd]!);
    writer.byte(0x59);
    writer.fixed64(time);
    items[at + itemMeta] = items[at + itemMeta]! | hasObservedTime;
    if ((items[at + itemLow]! | items[at + itemHigh]!) === 0) {
      items[at + itemLow] = time.lo;
      items[at + itemHigh] = time.hi;
    }
    return true;
  });
}

function allObserved({ items }: Layout): boolean {
  for (let at = itemMeta; at < items.length; at += itemRow) if ((items[at]! & hasObservedTime) === 0) return false;
  return true;
}
