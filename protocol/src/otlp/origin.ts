// Resource and scope of a batch's records. Each is decoded once, whole, when it is first asked.

import type { Source } from "./source.ts";
import type { EntityRef, Resource, Scope } from "./types.ts";
import type { AnyMap, AnyValue } from "./value.ts";
import { pairsInto } from "./values/pairs.ts";
import { emptyMap } from "./values/read.ts";
import { Fields } from "./wire/fields.ts";
import { low32At } from "./wire/int64.ts";
import { textAt } from "./wire/utf8.ts";

/** Of a ResourceLogs (…Spans, …Metrics) message. */
export class ResourceView implements Resource {
  readonly schemaUrl: string;
  readonly droppedAttributesCount: number;
  readonly entityRefs: readonly EntityRef[];
  private readonly map: AnyMap;

  constructor(source: Source, start: number, end: number) {
    const { bytes } = source;
    const map = emptyMap();
    const entityRefs: EntityRef[] = [];
    let dropped = 0;
    let schemaUrl = "";
    for (const outer = new Fields(bytes, start, end); outer.next(); ) {
      if (outer.tag === 0x1a) schemaUrl = textAt(bytes, outer.start, outer.end);
      if (outer.tag !== 0x0a) continue;
      pairsInto(map, source, outer.start, outer.end, 0x0a);
      for (const field = new Fields(bytes, outer.start, outer.end); field.next(); ) {
        if (field.tag === 0x10) dropped = low32At(bytes, field.start, field.end) >>> 0;
        else if (field.tag === 0x1a) entityRefs.push(entityRefAt(bytes, field.start, field.end));
      }
    }
    this.schemaUrl = schemaUrl;
    this.droppedAttributesCount = dropped;
    this.entityRefs = entityRefs;
    this.map = Object.freeze(map);
  }

  attribute(key: string): AnyValue | undefined {
    return this.map[key];
  }

  attributes(): AnyMap {
    return this.map;
  }
}

/** Of a ScopeLogs (…Spans, …Metrics) message. */
export class ScopeView implements Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
  readonly droppedAttributesCount: number;
  private readonly map: AnyMap;

  constructor(source: Source, start: number, end: number) {
    const { bytes } = source;
    const map = emptyMap();
    const text = { name: "", version: "", schemaUrl: "" };
    let dropped = 0;
    for (const outer = new Fields(bytes, start, end); outer.next(); ) {
      if (outer.tag === 0x1a) text.schemaUrl = textAt(bytes, outer.start, outer.end);
      if (outer.tag !== 0x0a) continue;
      pairsInto(map, source, outer.start, outer.end, 0x1a);
      for (const field = new Fields(bytes, outer.start, outer.end); field.next(); ) {
        if (field.tag === 0x0a) text.name = textAt(bytes, field.start, field.end);
        else if (field.tag === 0x12) text.version = textAt(bytes, field.start, field.end);
        else if (field.tag === 0x20) dropped = low32At(bytes, field.start, field.end) >>> 0;
      }
    }
    this.name = text.name;
    this.version = text.version;
    this.schemaUrl = text.schemaUrl;
    this.droppedAttributesCount = dropped;
    this.map = Object.freeze(map);
  }

  attribute(key: string): AnyValue | undefined {
    return this.map[key];
  }

  attributes(): AnyMap {
    return this.map;
  }
}

function entityRefAt(bytes: Uint8Array, start: number, end: number): EntityRef {
  const text = { schemaUrl: "", type: "" };
  const idKeys: string[] = [];
  const descriptionKeys: string[] = [];
  for (const field = new Fields(bytes, start, end); field.next(); ) {
    if ((field.tag & 7) !== 2) continue;
    const value = textAt(bytes, field.start, field.end);
    if (field.tag === 0x0a) text.schemaUrl = value;
    else if (field.tag === 0x12) text.type = value;
    else if (field.tag === 0x1a) idKeys.push(value);
    else if (field.tag === 0x22) descriptionKeys.push(value);
  }
  return { ...text, idKeys, descriptionKeys };
}
