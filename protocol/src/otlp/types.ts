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

/** Says which texts of a batch become others: `mapTexts`. Texts are UTF-8 in the batch's bytes, and so are replacements. */
export interface TextEditor {
  /** Whether something in [start, end) may have to change. Asked of every record: fast, and yes where it is not sure. */
  mayChange(bytes: Uint8Array, start: number, end: number): boolean;
  /** What to have in place of the text (or the bytes value) in [start, end); undefined: it stays. */
  text(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined;
  /** What becomes of the value of an attribute, or of an entry in a map, with this key; undefined: its texts are asked for. */
  value(key: string): ValueRule | undefined;
}

/**
 * `keep`: nothing in it changes. `replace`: every text and bytes value, alone or in a list, becomes `text`, and so does every
 * number where `numbers` says so; what is in a map is judged by its own key.
 */
export type ValueRule =
  | { readonly kind: "keep" }
  | { readonly kind: "replace"; readonly text: Uint8Array; readonly numbers: boolean };

/** What a record says, apart from when and in which trace: severity, body, attributes and event name, as they are on the wire. */
export interface RecordIdentity {
  /** Records of one batch with the same number have the same resource and scope: `Logs.originBytes`. */
  readonly origin: number;
  readonly content: Uint8Array;
}

/** Records behind each other that have the same resource. */
export interface ResourceRun {
  readonly resource: Resource;
  readonly records: number;
  /** Those that are at least as severe as was asked. */
  readonly severe: number;
}
