// Batches with some items or resources written anew: into one more buffer, while the rows of all others stay.

import { envelopeOf } from "./assemble.ts";
import {
  bufferShift,
  itemEnd,
  itemMeta,
  itemRow,
  itemScope,
  itemStart,
  type Layout,
  resourceRow,
  scopeRow,
} from "./layout.ts";
import { Writer } from "./wire/writer.ts";

/** Tag of an item in its scope; written before each, so that neighbours are copied together later. */
const itemTag = 0x12;

/**
 * `rewrite` gets a copy of the item rows, which it may correct, and the place of one row; it writes the whole new message, or
 * nothing and answers false.
 */
export function rewriteItems(
  layout: Layout,
  rewrite: (items: Uint32Array, at: number, writer: Writer) => boolean,
): Layout {
  const { buffers } = layout;
  const items = layout.items.slice();
  const writer = new Writer(1024);
  let changed = false;
  for (let at = 0; at < items.length; at += itemRow) {
    const before = writer.pos;
    writer.byte(itemTag);
    const expected = items[at + itemEnd]! - items[at + itemStart]! + 32;
    const begun = writer.begin(expected);
    if (!rewrite(items, at, writer)) {
      writer.pos = before;
      continue;
    }
    const length = writer.end(begun, expected);
    items[at + itemStart] = writer.pos - length;
    items[at + itemEnd] = writer.pos;
    items[at + itemMeta] = (items[at + itemMeta]! & ((1 << bufferShift) - 1)) | (buffers.length << bufferShift);
    changed = true;
  }
  return changed ? { ...layout, items, buffers: [...buffers, writer.slice()] } : layout;
}

/** `rewrite` gets the row of a resource that has items, and where its envelope is; it writes the new envelope, or nothing. */
export function rewriteResources(
  layout: Layout,
  rewrite: (row: number, pieces: readonly number[], writer: Writer) => boolean,
): Layout {
  const { buffers, scopes, items } = layout;
  const resources = layout.resources.slice();
  const writer = new Writer(1024);
  const seen = new Set<number>();
  let changed = false;
  for (let at = itemScope; at < items.length; at += itemRow) {
    const row = scopes[items[at]! * scopeRow + 3]!;
    if (seen.has(row)) continue;
    seen.add(row);
    const place = row * resourceRow;
    const bytes = buffers[resources[place]!]!;
    const start = writer.pos;
    if (!rewrite(row, envelopeOf(bytes, resources[place + 1]!, resources[place + 2]!), writer)) continue;
    resources[place] = buffers.length;
    resources[place + 1] = start;
    resources[place + 2] = writer.pos;
    changed = true;
  }
  return changed ? { ...layout, resources, buffers: [...buffers, writer.slice()] } : layout;
}
