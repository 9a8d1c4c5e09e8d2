// A record and a resource as statements change them: what was set is seen by the next statement, what was not set is read from
// the batch. `edit()` says what became different.

import type {
  AnyMap,
  AnyValue,
  AttributeEdits,
  LogRecord,
  RecordEdit,
  Resource,
  Scope,
} from "@chriscode/devmux-telemetry-protocol";
import { emptyMap } from "./values.ts";

type Edits = { [key: string]: AnyValue | undefined };

/** Attributes with some of them set or removed. */
class Attributes {
  private readonly source: { attribute(key: string): AnyValue | undefined; attributes(): AnyMap };
  edits: Edits | undefined = undefined;

  constructor(source: { attribute(key: string): AnyValue | undefined; attributes(): AnyMap }) {
    this.source = source;
  }

  get(key: string): AnyValue | undefined {
    const { edits } = this;
    return edits !== undefined && Object.hasOwn(edits, key) ? edits[key] : this.source.attribute(key);
  }

  all(): AnyMap {
    const map = Object.assign(emptyMap(), this.source.attributes());
    for (const [key, value] of Object.entries(this.edits ?? {})) {
      if (value === undefined) delete map[key];
      else map[key] = value;
    }
    return map;
  }

  set(key: string, value: AnyValue | undefined): void {
    this.edits ??= Object.create(null) as Edits;
    this.edits[key] = value;
  }

  replace(map: AnyMap): void {
    const edits = Object.create(null) as Edits;
    for (const key of Object.keys(this.source.attributes())) if (!Object.hasOwn(map, key)) edits[key] = undefined;
    this.edits = Object.assign(edits, map);
  }
}

export class EditableRecord implements LogRecord {
  private readonly record: LogRecord;
  private readonly own: Attributes;
  private changes: { body?: AnyValue; severityNumber?: number; severityText?: string; eventName?: string } = {};

  constructor(record: LogRecord) {
    this.record = record;
    this.own = new Attributes(record);
  }

  get resource(): Resource {
    return this.record.resource;
  }
  get scope(): Scope {
    return this.record.scope;
  }
  get timeUnixNano(): bigint {
    return this.record.timeUnixNano;
  }
  get observedTimeUnixNano(): bigint {
    return this.record.observedTimeUnixNano;
  }
  get timeMs(): number {
    return this.record.timeMs;
  }
  get traceId(): string {
    return this.record.traceId;
  }
  get spanId(): string {
    return this.record.spanId;
  }
  get flags(): number {
    return this.record.flags;
  }
  get droppedAttributesCount(): number {
    return this.record.droppedAttributesCount;
  }

  get body(): AnyValue {
    return this.changes.body === undefined ? this.record.body : this.changes.body;
  }
  set body(value: AnyValue) {
    this.changes.body = value;
  }

  get severityNumber(): number {
    return this.changes.severityNumber ?? this.record.severityNumber;
  }
  set severityNumber(value: number) {
    this.changes.severityNumber = value;
  }

  get severityText(): string {
    return this.changes.severityText ?? this.record.severityText;
  }
  set severityText(value: string) {
    this.changes.severityText = value;
  }

  get eventName(): string {
    return this.changes.eventName ?? this.record.eventName;
  }
  set eventName(value: string) {
    this.changes.eventName = value;
  }

  attribute(key: string): AnyValue | undefined {
    return this.own.get(key);
  }

  attributes(): AnyMap {
    return this.own.all();
  }

  setAttribute(key: string, value: AnyValue | undefined): void {
    this.own.set(key, value);
  }

  replaceAttributes(map: AnyMap): void {
    this.own.replace(map);
  }

  /** undefined where nothing was set. */
  edit(): RecordEdit | undefined {
    const { edits } = this.own;
    const fields = Object.keys(this.changes).length > 0;
    if (edits === undefined) return fields ? this.changes : undefined;
    return { ...this.changes, attributes: edits };
  }
}

export class EditableResource implements Resource {
  private readonly resource: Resource;
  private readonly own: Attributes;

  constructor(resource: Resource) {
    this.resource = resource;
    this.own = new Attributes(resource);
  }

  get schemaUrl(): string {
    return this.resource.schemaUrl;
  }
  get droppedAttributesCount(): number {
    return this.resource.droppedAttributesCount;
  }
  get entityRefs(): Resource["entityRefs"] {
    return this.resource.entityRefs;
  }

  attribute(key: string): AnyValue | undefined {
    return this.own.get(key);
  }

  attributes(): AnyMap {
    return this.own.all();
  }

  setAttribute(key: string, value: AnyValue | undefined): void {
    this.own.set(key, value);
  }

  replaceAttributes(map: AnyMap): void {
    this.own.replace(map);
  }

  /** undefined where nothing was set. */
  edit(): AttributeEdits | undefined {
    return this.own.edits;
  }
}
