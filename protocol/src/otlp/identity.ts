// What a record says, apart from when it was said and in which trace: bytes that are the same for records that say the same.
// `Logs.identities`; the collector's dedup is made with it.

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
import type { RecordIdentity } from "./types.ts";
import { Fields } from "./wire/fields.ts";
import { textAt } from "./wire/utf8.ts";
import { Writer } from "./wire/writer.ts";

const attributeTag = 0x32;
/** severity_number, severity_text, body, attributes, event_name. */
const said: ReadonlySet<number> = new Set([0x10, 0x1a, 0x2a, attributeTag, 0x62]);

/** One for each record, in order; each is valid until the next one is asked for. */
export function* identities(layout: Layout, ignores: (attribute: string) => boolean): Generator<RecordIdentity> {
  const { buffers, items } = layout;
  const writer = new Writer(1024);
  for (let at = 0; at < items.length; at += itemRow) {
    const bytes = buffers[items[at + itemMeta]! >>> bufferShift]!;
    writer.pos = 0;
    for (const field = new Fields(bytes, items[at + itemStart]!, items[at + itemEnd]!); field.next(); ) {
      if (!said.has(field.tag)) continue;
      if (field.tag !== attributeTag || !ignores(keyAt(bytes, field.start, field.end)))
        writer.copy(bytes, field.from, field.end);
    }
    yield { origin: items[at + itemScope]!, content: writer.bytes.subarray(0, writer.pos) };
  }
}

/** Resource and scope of the records with this origin, as they are on the wire. */
export function originBytes(layout: Layout, origin: number): Uint8Array {
  const { buffers, resources, scopes } = layout;
  const writer = new Writer(1024);
  const add = (rows: Uint32Array, at: number) => {
    const bytes = buffers[rows[at]!]!;
    const pieces = envelopeOf(bytes, rows[at + 1]!, rows[at + 2]!);
    for (let i = 0; i < pieces.length; i += 2) writer.copy(bytes, pieces[i]!, pieces[i + 1]!);
    // Where one ends and the other begins: no message begins with a 0.
    writer.byte(0);
  };
  add(resources, scopes[origin * scopeRow + 3]! * resourceRow);
  add(scopes, origin * scopeRow);
  return writer.slice();
}

function keyAt(bytes: Uint8Array, start: number, end: number): string {
  for (const field = new Fields(bytes, start, end); field.next(); ) {
    if (field.tag === 0x0a) return textAt(bytes, field.start, field.end);
  }
  return "";
}
