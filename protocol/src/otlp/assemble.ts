// Puts the bytes of a batch together: runs of items that are already together are copied at once, as they came in.

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
import { Fields } from "./wire/fields.ts";
import { varintSize } from "./wire/writer.ts";

/** Tag of the children, in every signal: ResourceLogs.scope_logs, ScopeLogs.log_records and their kin are field 2. */
const childTag = 0x12;
/** Tag of the resources in a request. */
const requestTag = 0x0a;

/** One message to write: what of it is copied, and how long it is with its children. */
interface Group {
  readonly row: number;
  readonly bytes: Uint8Array;
  /** Start and end of each piece of its envelope. */
  readonly pieces: readonly number[];
  size: number;
}

interface ScopeGroup extends Group {
  readonly firstItem: number;
  lastItem: number;
}

interface ResourceGroup extends Group {
  readonly scopes: ScopeGroup[];
}

export function headerSize(length: number): number {
  return 1 + varintSize(length);
}

/** The parts of a message that are not its children, as pairs of start and end. */
export function envelopeOf(bytes: Uint8Array, start: number, end: number): number[] {
  const pieces: number[] = [];
  for (const field = new Fields(bytes, start, end); field.next(); ) {
    if (field.tag === childTag) continue;
    if (pieces.length > 0 && pieces[pieces.length - 1] === field.from) pieces[pieces.length - 1] = field.end;
    else pieces.push(field.from, field.end);
  }
  return pieces;
}

export function sizeOf(layout: Layout): number {
  return sizeOfGroups(plan(layout));
}

export function assemble(layout: Layout): Uint8Array {
  const groups = plan(layout);
  const out = new Uint8Array(sizeOfGroups(groups));
  let pos = 0;
  for (const group of groups) {
    pos = putHeader(out, pos, requestTag, group.size);
    pos = putPieces(out, pos, group);
    for (const scope of group.scopes) {
      pos = putHeader(out, pos, childTag, scope.size);
      pos = putPieces(out, pos, scope);
      pos = putItems(out, pos, layout, scope.firstItem, scope.lastItem);
    }
  }
  return out;
}

function sizeOfGroups(groups: readonly ResourceGroup[]): number {
  let total = 0;
  for (const group of groups) total += headerSize(group.size) + group.size;
  return total;
}

function plan(layout: Layout): ResourceGroup[] {
  const { buffers, resources, scopes, items } = layout;
  const groups: ResourceGroup[] = [];
  let resource: ResourceGroup | undefined;
  let scope: ScopeGroup | undefined;
  for (let at = 0; at < items.length; at += itemRow) {
    const row = items[at + itemScope]!;
    if (scope === undefined || scope.row !== row) {
      const resourceOf = scopes[row * scopeRow + 3]!;
      if (resource === undefined || resource.row !== resourceOf) {
        resource = { ...group(buffers, resources, resourceOf, resourceRow), scopes: [] };
        groups.push(resource);
      }
      scope = { ...group(buffers, scopes, row, scopeRow), firstItem: at, lastItem: at };
      resource.scopes.push(scope);
    }
    const length = items[at + itemEnd]! - items[at + itemStart]!;
    scope.size += headerSize(length) + length;
    scope.lastItem = at;
  }
  for (const group of groups) for (const { size } of group.scopes) group.size += headerSize(size) + size;
  return groups;
}

function group(buffers: readonly Uint8Array[], rows: Uint32Array, row: number, width: number): Group {
  const bytes = buffers[rows[row * width]!]!;
  const pieces = envelopeOf(bytes, rows[row * width + 1]!, rows[row * width + 2]!);
  let size = 0;
  for (let i = 0; i < pieces.length; i += 2) size += pieces[i + 1]! - pieces[i]!;
  return { row, bytes, pieces, size };
}

function putPieces(out: Uint8Array, pos: number, { bytes, pieces }: Group): number {
  let at = pos;
  for (let i = 0; i < pieces.length; i += 2) {
    out.set(bytes.subarray(pieces[i]!, pieces[i + 1]!), at);
    at += pieces[i + 1]! - pieces[i]!;
  }
  return at;
}

function putItems(out: Uint8Array, pos: number, layout: Layout, first: number, last: number): number {
  const { buffers, items } = layout;
  let at = pos;
  for (let row = first; row <= last; ) {
    const buffer = items[row + itemMeta]! >>> bufferShift;
    const start = items[row + itemStart]!;
    let end = items[row + itemEnd]!;
    at = putHeader(out, at, childTag, end - start);
    // The next items come along while exactly their headers, in the shortest form, are between them.
    for (row += itemRow; row <= last; row += itemRow) {
      const nextStart = items[row + itemStart]!;
      const nextEnd = items[row + itemEnd]!;
      if (items[row + itemMeta]! >>> bufferShift !== buffer || nextStart - headerSize(nextEnd - nextStart) !== end)
        break;
      end = nextEnd;
    }
    out.set(buffers[buffer]!.subarray(start, end), at);
    at += end - start;
  }
  return at;
}

function putHeader(out: Uint8Array, pos: number, tag: number, length: number): number {
  let at = pos;
  out[at++] = tag;
  let rest = length;
  while (rest > 127) {
    out[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  out[at++] = rest;
  return at;
}
