// Changed records, resources and scopes: what an edit names is written anew, every other byte is copied as it is.

import { defaultLimits } from "./limits.ts";
import type { Source } from "./source.ts";
import type { AttributeEdits, RecordEdit } from "./types.ts";
import { KeyValueAt } from "./values/pairs.ts";
import { writeKeyValue, writeValue } from "./values/write.ts";
import { Fields } from "./wire/fields.ts";

import type { Writer } from "./wire/writer.ts";

const { maxDepth } = defaultLimits;
const hasOwn = Object.prototype.hasOwnProperty;

/** Writes the LogRecord in [start, end) with `edit` applied. Set fields keep their place, new ones come last. */
export function writeEditedRecord(writer: Writer, source: Source, start: number, end: number, edit: RecordEdit): void {
  const { bytes } = source;
  const attributes = edit.attributes === undefined ? undefined : new PendingAttributes(edit.attributes, source);
  const done = new Set<number>();
  for (const field = new Fields(bytes, start, end); field.next(); ) {
    if (isReplaced(field.tag, edit)) {
      if (!done.has(field.tag)) writeReplacement(writer, field.tag, edit);
      done.add(field.tag);
    } else if (field.tag !== 0x32 || attributes === undefined || !attributes.replace(writer, field)) {
      writer.copy(bytes, field.from, field.end);
    }
  }
  for (const tag of [0x10, 0x1a, 0x2a, 0x62]) {
    if (isReplaced(tag, edit) && !done.has(tag)) writeReplacement(writer, tag, edit);
  }
  attributes?.writeRest(writer, 0x32);
}

function isReplaced(tag: number, edit: RecordEdit): boolean {
  switch (tag) {
    case 0x10:
      return edit.severityNumber !== undefined;
    case 0x1a:
      return edit.severityText !== undefined;
    case 0x2a:
      return edit.body !== undefined;
    case 0x62:
      return edit.eventName !== undefined;
    default:
      return false;
  }
}

function writeReplacement(writer: Writer, tag: number, edit: RecordEdit): void {
  if (tag === 0x10) {
    const severity = edit.severityNumber!;
    if (!Number.isInteger(severity) || severity < 0 || severity > 24) {
      throw new RangeError(`expected a severity number from 0 to 24, got ${severity}`);
    }
    if (severity === 0) return;
    writer.byte(tag);
    writer.byte(severity);
  } else if (tag === 0x2a) {
    writer.byte(tag);
    const begun = writer.begin(64);
    writeValue(writer, edit.body, maxDepth);
    writer.end(begun, 64);
  } else {
    const text = tag === 0x1a ? edit.severityText! : edit.eventName!;
    if (text === "") return;
    writer.byte(tag);
    writer.text(text);
  }
}

/**
 * Writes a ResourceLogs (…Spans, …Metrics) message without its children, its Resource changed. A Resource that is there
 * twice becomes one, as protobuf has it.
 */
export function writeEditedResource(
  writer: Writer,
  source: Source,
  pieces: readonly number[],
  edits: AttributeEdits,
): void {
  const { bytes } = source;
  const attributes = new PendingAttributes(edits, source);
  const resources: Fields[] = [];
  for (let i = 0; i < pieces.length; i += 2) {
    for (const outer = new Fields(bytes, pieces[i]!, pieces[i + 1]!); outer.next(); ) {
      if (outer.tag === 0x0a) resources.push(new Fields(bytes, outer.start, outer.end));
    }
  }
  writer.byte(0x0a);
  const begun = writer.begin(256);
  for (const field of resources) {
    while (field.next()) {
      if (field.tag !== 0x0a || !attributes.replace(writer, field)) writer.copy(bytes, field.from, field.end);
    }
  }
  attributes.writeRest(writer, 0x0a);
  writer.end(begun, 256);
  for (let i = 0; i < pieces.length; i += 2) {
    for (const outer = new Fields(bytes, pieces[i]!, pieces[i + 1]!); outer.next(); ) {
      if (outer.tag !== 0x0a) writer.copy(bytes, outer.from, outer.end);
    }
  }
}

/** The attributes that an edit names, while the old ones pass by. */
class PendingAttributes {
  private readonly edits: AttributeEdits;
  private readonly source: Source;
  private readonly written = new Set<string>();

  constructor(edits: AttributeEdits, source: Source) {
    this.edits = edits;
    this.source = source;
  }

  /** Whether the KeyValue is one that the edit names: then the new one is in its place, or nothing. */
  replace(writer: Writer, field: Fields): boolean {
    const pair = new KeyValueAt(this.source, field.start, field.end);
    const key = this.source.repeated(pair.keyStart, pair.keyEnd);
    if (!hasOwn.call(this.edits, key)) return false;
    const value = this.edits[key];
    if (value !== undefined && !this.written.has(key)) writeKeyValue(writer, field.tag, key, value, maxDepth);
    this.written.add(key);
    return true;
  }

  writeRest(writer: Writer, tag: number): void {
    for (const key of Object.keys(this.edits)) {
      const value = this.edits[key];
      if (value !== undefined && !this.written.has(key)) writeKeyValue(writer, tag, key, value, maxDepth);
    }
  }
}
