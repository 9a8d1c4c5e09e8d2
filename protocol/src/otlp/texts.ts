// Changes texts of a batch where they stand in the bytes, wherever that is: bodies, attributes, keys, resources, scopes, spans,
// metrics. No value is decoded; what does not change is copied, and records that nothing changes keep their bytes.
// `Logs.mapTexts` and `OpaqueBatch.mapTexts`; the collector's redaction is made with it.

import { envelopeOf, sizeOf } from "./assemble.ts";
import { faultAt } from "./errors.ts";
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
import { rewriteItems } from "./rewrite.ts";
import { anyValue, keyValue, keyValueList } from "./schema/common.ts";
import type { Message } from "./schema/message.ts";
import type { Levels } from "./schema/signals.ts";
import type { TextEditor, ValueRule } from "./types.ts";
import { Fields } from "./wire/fields.ts";
import { textAt } from "./wire/utf8.ts";
import { Writer } from "./wire/writer.ts";

/**
 * Messages inside each other. An index pass lets 30 arrays and maps into a log record, three messages each, on top of those
 * around it; nobody has looked into a span or metric yet.
 */
const maxMessages = 128;

type Replacement = ValueRule & { readonly kind: "replace" };

/** The layout itself where nothing changed. Throws OtlpError where a span or metric is malformed. */
export function rewriteTexts(layout: Layout, levels: Levels, editor: TextEditor): Layout {
  const withItems = rewriteItems(layout, (items, at, writer) => {
    const bytes = layout.buffers[items[at + itemMeta]! >>> bufferShift]!;
    const start = items[at + itemStart]!;
    const end = items[at + itemEnd]!;
    return editor.mayChange(bytes, start, end) && new Rewriter(bytes, writer, editor).message(start, end, levels.item);
  });
  return rewriteEnvelopes(withItems, levels, editor);
}

/** Whether `encoded` holds nothing but what the layout points to: no resource or scope without items, which none asks about. */
export function holdsAll(layout: Layout, encoded: Uint8Array | undefined): boolean {
  return encoded === undefined || encoded.length === sizeOf(layout);
}

/** Resources and scopes that items belong to, without their children. */
function rewriteEnvelopes(layout: Layout, levels: Levels, editor: TextEditor): Layout {
  const writer = new Writer(1024);
  const resources = layout.resources.slice();
  const scopes = layout.scopes.slice();
  const seen = { resources: new Set<number>(), scopes: new Set<number>() };
  let changed = false;

  function rewrite(rows: Uint32Array, place: number, level: Message): void {
    const bytes = layout.buffers[rows[place]!]!;
    const pieces = envelopeOf(bytes, rows[place + 1]!, rows[place + 2]!);
    const start = writer.pos;
    const rewriter = new Rewriter(bytes, writer, editor);
    let any = false;
    for (let i = 0; i < pieces.length; i += 2) {
      const from = pieces[i]!;
      const to = pieces[i + 1]!;
      if (editor.mayChange(bytes, from, to) && rewriter.message(from, to, level)) any = true;
      else writer.copy(bytes, from, to);
    }
    if (!any) {
      writer.pos = start;
      return;
    }
    rows[place] = layout.buffers.length;
    rows[place + 1] = start;
    rows[place + 2] = writer.pos;
    changed = true;
  }

  let last = -1;
  for (let at = itemScope; at < layout.items.length; at += itemRow) {
    const scope = layout.items[at]!;
    if (scope === last || seen.scopes.has(scope)) continue;
    last = scope;
    seen.scopes.add(scope);
    rewrite(scopes, scope * scopeRow, levels.scope);
    const resource = scopes[scope * scopeRow + 3]!;
    if (seen.resources.has(resource)) continue;
    seen.resources.add(resource);
    rewrite(resources, resource * resourceRow, levels.resource);
  }
  return changed ? { ...layout, resources, scopes, buffers: [...layout.buffers, writer.slice()] } : layout;
}

/**
 * Writes messages of one buffer with their texts changed. Each method answers whether anything became different, and has written
 * only then; what did not change is copied in one piece with what is beside it.
 */
class Rewriter {
  private readonly bytes: Uint8Array;
  private readonly writer: Writer;
  private readonly editor: TextEditor;
  private depth = 0;

  constructor(bytes: Uint8Array, writer: Writer, editor: TextEditor) {
    this.bytes = bytes;
    this.writer = writer;
    this.editor = editor;
  }

  message(start: number, end: number, message: Message): boolean {
    let copied = start;
    for (const field = new Fields(this.bytes, start, end); field.next(); ) {
      const known = (field.tag & 7) === 2 ? message.byNumber[field.tag >>> 3] : undefined;
      if (known?.kind === "string" || known?.kind === "bytes") {
        if (this.text(copied, field)) copied = field.end;
      } else if (known?.message !== undefined) {
        if (this.nested(copied, field, known.message)) copied = field.end;
      }
    }
    return this.rest(copied, start, end);
  }

  /** Writes what is left of a message in which something changed, or nothing of one in which nothing did. */
  private rest(copied: number, start: number, end: number): boolean {
    if (copied === start) return false;
    this.writer.copy(this.bytes, copied, end);
    return true;
  }

  /** `copied`: up to where everything before the field has been written. It is written up to the field's end, or not at all. */
  private text(copied: number, field: Fields): boolean {
    const replacement = this.editor.text(this.bytes, field.start, field.end);
    if (replacement !== undefined) this.replace(copied, field, field.tag, replacement);
    return replacement !== undefined;
  }

  private replace(copied: number, field: Fields, tag: number, bytes: Uint8Array): void {
    this.writer.copy(this.bytes, copied, field.from);
    this.writer.varint(tag);
    this.writer.varint(bytes.length);
    this.writer.raw(bytes);
  }

  private nested(copied: number, field: Fields, message: Message): boolean {
    const { start, end } = field;
    if (message !== keyValue) return this.within(copied, field, () => this.message(start, end, message));
    // A pair is looked into as a whole: its key may say what becomes of its value.
    return this.editor.mayChange(this.bytes, start, end) && this.within(copied, field, () => this.pair(start, end));
  }

  /** Writes a field whose message `write` writes; takes it back where nothing in it changed. */
  private within(copied: number, { tag, from, start, end }: Fields, write: () => boolean): boolean {
    if (++this.depth > maxMessages)
      throw faultAt(
        "DEVMUX_OTLP_TOO_DEEP",
        start,
        `expected at most ${maxMessages} messages inside each other, got more`,
      );
    const { writer } = this;
    const before = writer.pos;
    writer.copy(this.bytes, copied, from);
    writer.varint(tag);
    const expected = end - start;
    const begun = writer.begin(expected);
    const changed = write();
    if (changed) writer.end(begun, expected);
    else writer.pos = before;
    this.depth--;
    return changed;
  }

  private pair(start: number, end: number): boolean {
    const rule = this.editor.value(this.keyOf(start, end));
    let copied = start;
    for (const field = new Fields(this.bytes, start, end); field.next(); ) {
      const { tag, start: from, end: to } = field;
      let changed = false;
      if (tag === 0x0a) changed = this.text(copied, field);
      else if (tag === 0x12 && rule === undefined)
        changed = this.within(copied, field, () => this.message(from, to, anyValue));
      else if (tag === 0x12 && rule?.kind === "replace")
        changed = this.within(copied, field, () => this.replaced(from, to, rule));
      if (changed) copied = to;
    }
    return this.rest(copied, start, end);
  }

  private keyOf(start: number, end: number): string {
    let key = "";
    for (const field = new Fields(this.bytes, start, end); field.next(); ) {
      if (field.tag === 0x0a) key = textAt(this.bytes, field.start, field.end);
    }
    return key;
  }

  /** An AnyValue with its texts replaced. What is in a map has keys of its own, which say what becomes of it. */
  private replaced(start: number, end: number, rule: Replacement): boolean {
    let copied = start;
    for (const field = new Fields(this.bytes, start, end); field.next(); ) {
      if (this.replacedValue(copied, field, rule)) copied = field.end;
    }
    return this.rest(copied, start, end);
  }

  private replacedValue(copied: number, field: Fields, rule: Replacement): boolean {
    const { tag, start, end } = field;
    switch (tag) {
      case 0x0a:
      case 0x3a:
        // An empty text hides nothing, and one that has been replaced stays as it is.
        if (start === end || isSame(this.bytes, start, end, rule.text)) return false;
        this.replace(copied, field, tag, rule.text);
        return true;
      case 0x18:
      case 0x21:
        if (rule.numbers) this.replace(copied, field, 0x0a, rule.text);
        return rule.numbers;
      case 0x2a:
        return this.within(copied, field, () => this.replacedList(start, end, rule));
      case 0x32:
        return this.within(copied, field, () => this.message(start, end, keyValueList));
      default:
        return false;
    }
  }

  private replacedList(start: number, end: number, rule: Replacement): boolean {
    let copied = start;
    for (const field = new Fields(this.bytes, start, end); field.next(); ) {
      const { tag, start: from, end: to } = field;
      if (tag === 0x0a && this.within(copied, field, () => this.replaced(from, to, rule))) copied = to;
    }
    return this.rest(copied, start, end);
  }
}

function isSame(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}
