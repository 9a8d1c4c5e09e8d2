// Lists of KeyValue in bytes that an index pass has checked: all of them as a map, or the one of a key.

import { type Key, Source } from "../source.ts";
import type { AnyValue } from "../value.ts";
import { endOfField, Fields } from "../wire/fields.ts";
import { type MutableMap, valueAt } from "./read.ts";

/** Adds the KeyValues that are fields with this tag. Where a key is there twice, the last one counts. */
export function pairsInto(map: MutableMap, source: Source, start: number, end: number, tag: number): void {
  const { bytes } = source;
  for (let pos = start; pos < end; ) {
    const next = endOfField(bytes, pos, end);
    if (bytes[pos] === tag) {
      const from = bytes[pos + 1]! < 128 ? pos + 2 : pos + 3;
      const keyStart = from + 2;
      const keyEnd = keyStart + bytes[from + 1]!;
      const valueStart = bytes[keyEnd + 1]! < 128 ? keyEnd + 2 : keyEnd + 3;
      if (isPlainPair(bytes, from, keyEnd, next))
        map[source.repeated(keyStart, keyEnd)] = valueAt(source, valueStart, next);
      else walkedPairInto(map, source, pos, end, tag);
    } else if (bytes[pos]! > 127) {
      walkedPairInto(map, source, pos, end, tag);
    }
    pos = next;
  }
}

/** Adds the field at `pos`, of any form, if it has this tag. */
function walkedPairInto(map: MutableMap, source: Source, pos: number, end: number, tag: number): void {
  const field = new Fields(source.bytes, pos, end);
  field.next();
  if (field.tag !== tag) return;
  const pair = new KeyValueAt(source, field.start, field.end);
  map[source.repeated(pair.keyStart, pair.keyEnd)] = pair.value();
}

/** The value of the last KeyValue with this key, among the fields with this tag; undefined where there is none. */
export function valueOfKey(
  source: Source,
  start: number,
  end: number,
  tag: number,
  text: string,
): AnyValue | undefined {
  const { bytes } = source;
  const key = source.key(text);
  let found = -1;
  for (let pos = start; pos < end; ) {
    const next = endOfField(bytes, pos, end);
    if (bytes[pos] === tag) {
      const from = bytes[pos + 1]! < 128 ? pos + 2 : pos + 3;
      const keyEnd = from + 2 + bytes[from + 1]!;
      const isIt = isPlainPair(bytes, from, keyEnd, next)
        ? source.isKey(from + 2, keyEnd, key)
        : isWalkedKey(source, pos, end, tag, key);
      if (isIt) found = pos;
    } else if (bytes[pos]! > 127 && isWalkedKey(source, pos, end, tag, key)) {
      found = pos;
    }
    pos = next;
  }
  if (found < 0) return undefined;
  const field = new Fields(bytes, found, end);
  field.next();
  return new KeyValueAt(source, field.start, field.end).value();
}

function isWalkedKey(source: Source, pos: number, end: number, tag: number, key: Key): boolean {
  const field = new Fields(source.bytes, pos, end);
  field.next();
  if (field.tag !== tag) return false;
  const pair = new KeyValueAt(source, field.start, field.end);
  return source.isKey(pair.keyStart, pair.keyEnd, key);
}

/**
 * Whether the message from `from` to `end` is as every writer writes it: a key up to `keyEnd`, with a length of one byte, then
 * a value with a length of one or two that fills the rest. Then there is nothing else in it.
 */
function isPlainPair(bytes: Uint8Array, from: number, keyEnd: number, end: number): boolean {
  if (bytes[from] !== 0x0a || bytes[from + 1]! > 127 || keyEnd + 2 > end || bytes[keyEnd] !== 0x12) return false;
  const length = bytes[keyEnd + 1]!;
  if (length < 128) return keyEnd + 2 + length === end;
  const more = bytes[keyEnd + 2]!;
  return more < 128 && keyEnd + 3 + ((length & 127) | (more << 7)) === end;
}

/** Where key and value of one KeyValue are. */
export class KeyValueAt {
  private readonly source: Source;
  private readonly start: number;
  private readonly end: number;
  keyStart = 0;
  keyEnd = 0;
  private valueStart = 0;
  private valueEnd = 0;
  private values = 0;

  constructor(source: Source, start: number, end: number) {
    this.source = source;
    this.start = start;
    this.end = end;
    for (const field = new Fields(source.bytes, start, end); field.next(); ) {
      if (field.tag === 0x0a) {
        this.keyStart = field.start;
        this.keyEnd = field.end;
      } else if (field.tag === 0x12) {
        this.valueStart = field.start;
        this.valueEnd = field.end;
        this.values++;
      }
    }
  }

  value(): AnyValue {
    if (this.values < 2) return valueAt(this.source, this.valueStart, this.valueEnd);
    const joined = joinFields(this.source.bytes, this.start, this.end, 0x12);
    return valueAt(new Source(joined), 0, joined.length);
  }
}

/** A message that is there more than once is one message: the bytes of all, one after the other. */
export function joinFields(bytes: Uint8Array, start: number, end: number, tag: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const field = new Fields(bytes, start, end); field.next(); ) {
    if (field.tag !== tag) continue;
    parts.push(bytes.subarray(field.start, field.end));
    size += field.end - field.start;
  }
  const joined = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
