// Batches out of batches, by rows alone: no byte of a record is touched or copied.

import { envelopeOf, headerSize } from "./assemble.ts";
import {
  bufferShift,
  emptyLayout,
  itemEnd,
  itemMeta,
  itemRow,
  itemScope,
  itemStart,
  type Layout,
  resourceRow,
  scopeRow,
} from "./layout.ts";

/** The rows that `keep` says, in order; the layout itself where that is all of them. */
export function selectItems(layout: Layout, keep: (index: number) => boolean): Layout {
  const { items } = layout;
  const kept = new Uint32Array(items.length);
  let length = 0;
  for (let at = 0; at < items.length; at += itemRow) {
    if (!keep(at / itemRow)) continue;
    for (let word = 0; word < itemRow; word++) kept[length + word] = items[at + word]!;
    length += itemRow;
  }
  if (length === items.length) return layout;
  return length === 0 ? emptyLayout : { ...layout, items: kept.slice(0, length) };
}

export function mergeLayouts(layouts: readonly Layout[]): Layout {
  const full = layouts.filter((layout) => layout.items.length > 0);
  if (full.length <= 1) return full[0] ?? emptyLayout;
  const buffers: Uint8Array[] = [];
  const total = { resources: 0, scopes: 0, items: 0 };
  for (const layout of full) {
    total.resources += layout.resources.length;
    total.scopes += layout.scopes.length;
    total.items += layout.items.length;
  }
  const resources = new Uint32Array(total.resources);
  const scopes = new Uint32Array(total.scopes);
  const items = new Uint32Array(total.items);
  const at = { resources: 0, scopes: 0, items: 0 };
  for (const layout of full) {
    const base = { buffer: buffers.length, resource: at.resources / resourceRow, scope: at.scopes / scopeRow };
    resources.set(layout.resources, at.resources);
    scopes.set(layout.scopes, at.scopes);
    items.set(layout.items, at.items);
    addTo(resources, at.resources, layout.resources.length, resourceRow, 0, base.buffer);
    addTo(scopes, at.scopes, layout.scopes.length, scopeRow, 0, base.buffer);
    addTo(scopes, at.scopes, layout.scopes.length, scopeRow, 3, base.resource);
    addTo(items, at.items, layout.items.length, itemRow, itemScope, base.scope);
    addTo(items, at.items, layout.items.length, itemRow, itemMeta, base.buffer << bufferShift);
    at.resources += layout.resources.length;
    at.scopes += layout.scopes.length;
    at.items += layout.items.length;
    for (const buffer of layout.buffers) buffers.push(buffer);
  }
  return { buffers, resources, scopes, items };
}

function addTo(rows: Uint32Array, from: number, length: number, width: number, word: number, by: number): void {
  if (by === 0) return;
  for (let at = from + word; at < from + length; at += width) rows[at] = rows[at]! + by;
}

/** Tag and length of a message of up to 4 GiB. */
const largestHeader = 6;

export interface SplitLimits {
  /** Encoded size of each part. A single item that is larger goes alone. */
  readonly maxBytes?: number;
  /** Log records, spans or metrics. */
  readonly maxRecords?: number;
}

/** Consecutive parts of at most these sizes. */
export function splitItems(layout: Layout, maxBytes: number, maxRecords: number): Layout[] {
  const envelopeSize = envelopeSizes(layout);
  const maxItems = Math.max(1, maxRecords);
  const { items } = layout;
  const parts: Layout[] = [];
  let first = 0;
  let size = 0;
  let scope = -1;
  for (let at = 0; at < items.length; at += itemRow) {
    const length = items[at + itemEnd]! - items[at + itemStart]!;
    const own = headerSize(length) + length;
    const row = items[at + itemScope]!;
    let more = row === scope ? own : own + envelopeSize(row);
    if (at > first && (size + more > maxBytes || (at - first) / itemRow >= maxItems)) {
      parts.push({ ...layout, items: items.subarray(first, at) });
      first = at;
      size = 0;
      more = own + envelopeSize(row);
    }
    scope = row;
    size += more;
  }
  if (first === 0) return items.length === 0 ? [] : [layout];
  parts.push({ ...layout, items: items.subarray(first) });
  return parts;
}

/** What a scope adds to the size of a part in which it comes first: its own envelope and its resource's, at most. */
function envelopeSizes({ buffers, resources, scopes }: Layout): (scope: number) => number {
  const known = new Map<string, number>();
  const sizeAt = (level: string, rows: Uint32Array, at: number): number => {
    const key = `${level}${at}`;
    let size = known.get(key);
    if (size === undefined) {
      size = largestHeader;
      const pieces = envelopeOf(buffers[rows[at]!]!, rows[at + 1]!, rows[at + 2]!);
      for (let i = 0; i < pieces.length; i += 2) size += pieces[i + 1]! - pieces[i]!;
      known.set(key, size);
    }
    return size;
  };
  return (scope) => {
    const at = scope * scopeRow;
    return sizeAt("scope", scopes, at) + sizeAt("resource", resources, scopes[at + 3]! * resourceRow);
  };
}

/** The items of each key, which is asked for once for each resource. Keys come in the order of their first item. */
export function groupItems(layout: Layout, keyOf: (resource: number) => string): Map<string, Layout> {
  const { items, scopes } = layout;
  const keys = new Map<number, string>();
  const counts = new Map<string, number>();
  const keyAt = (at: number): string => {
    const resource = scopes[items[at + itemScope]! * scopeRow + 3]!;
    let key = keys.get(resource);
    if (key === undefined) {
      key = keyOf(resource);
      keys.set(resource, key);
    }
    return key;
  };
  for (let at = 0; at < items.length; at += itemRow) {
    const key = keyAt(at);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  if (counts.size === 1) return new Map([[keyAt(0), layout]]);
  const parts = new Map<string, { items: Uint32Array; length: number }>();
  for (const [key, count] of counts) parts.set(key, { items: new Uint32Array(count * itemRow), length: 0 });
  for (let at = 0; at < items.length; at += itemRow) {
    const part = parts.get(keyAt(at))!;
    for (let word = 0; word < itemRow; word++) part.items[part.length++] = items[at + word]!;
  }
  const out = new Map<string, Layout>();
  for (const [key, part] of parts) out.set(key, { ...layout, items: part.items });
  return out;
}
