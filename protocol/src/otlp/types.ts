// What someone who handles a batch sees of it: records with their resource and scope, and what may be changed in them.

import type { AnyMap, AnyValue } from "./value.ts";

/** One record of a batch, decoded field by field as it is read. Valid as long as its batch. */
export interface LogRecord {
  readonly resource: Resource;
  readonly scope: Scope;
  /** Nanoseconds since the epoch, 0n where absent. */
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  /** `timeUnixNano`, else `observedTimeUnixNano`, in whole milliseconds. */
  readonly timeMs: number;
  /** 1 to 24; 0 where it is unspecified or no severity. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AnyValue;
  readonly eventName: string;
  /** Lower-case hex, "" where absent, all zero or of a wrong length. */
  readonly traceId: string;
  readonly spanId: string;
  /** The low 8 bits are the W3C trace flags. */
  readonly flags: number;
  readonly droppedAttributesCount: number;
  attribute(key: string): AnyValue | undefined;
  /** Where a key is there twice, the last one counts. */
  attributes(): AnyMap;
}

export interface Resource {
  readonly schemaUrl: string;
  readonly droppedAttributesCount: number;
  readonly entityRefs: readonly EntityRef[];
  attribute(key: string): AnyValue | undefined;
  attributes(): AnyMap;
}

/** Says which attributes of a resource make up an entity. */
export interface EntityRef {
  readonly schemaUrl: string;
  readonly type: string;
  readonly idKeys: readonly string[];
  readonly descriptionKeys: readonly string[];
}

export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
  readonly droppedAttributesCount: number;
  attribute(key: string): AnyValue | undefined;
  attributes(): AnyMap;
}

/** Attributes to set; `undefined` deletes one. */
export interface AttributeEdits {
  readonly [key: string]: AnyValue | undefined;
}

/** What `Logs.map` changes in a record; what is absent stays as it is, byte for byte. */
export interface RecordEdit {
  readonly body?: AnyValue;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly eventName?: string;
  readonly attributes?: AttributeEdits;
}
