// The batch of logs: immutable, over the protobuf bytes of an ExportLogsServiceRequest.

import type { AnyMap, AnyValue } from "./value.ts";

/** One record of a batch, decoded field by field as it is read. Valid as long as its batch. */
export interface LogRecord {
  readonly resource: Resource;
  readonly scope: Scope;
  /** Nanoseconds since the epoch, 0n where absent. */
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  /** `timeUnixNano`, else `observedTimeUnixNano`, in milliseconds. */
  readonly timeMs: number;
  /** 0 (unspecified) to 24. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AnyValue;
  readonly eventName: string;
  /** Lower-case hex, "" where absent, all zero or of a wrong length. */
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
  readonly droppedAttributesCount: number;
  attribute(key: string): AnyValue | undefined;
  attributes(): AnyMap;
}

export interface Resource {
  readonly schemaUrl: string;
  attribute(key: string): AnyValue | undefined;
  attributes(): AnyMap;
}

export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
  attribute(key: string): AnyValue | undefined;
  attributes(): AnyMap;
}

/** What `Logs.map` changes in a record; what is absent stays as it is, byte for byte. */
export interface RecordEdit {
  readonly body?: AnyValue;
  readonly severityNumber?: number;
  readonly severityText?: string;
  /** A value sets the attribute, `undefined` deletes it. */
  readonly attributes?: { readonly [key: string]: AnyValue | undefined };
}

export class Logs {
  readonly signal = "logs" as const;
  declare readonly itemCount: number;
  declare readonly byteLength: number;
  static fromProtobuf(_bytes: Uint8Array): Logs {
    throw new Error("being built");
  }
  static merge(_batches: readonly Logs[]): Logs {
    throw new Error("being built");
  }
  encode(): Uint8Array {
    throw new Error("being built");
  }
  records(): Iterable<LogRecord> {
    throw new Error("being built");
  }
  /** Highest severity number in the batch, from the index alone. */
  get maxSeverity(): number {
    throw new Error("being built");
  }
  select(_keep: (record: LogRecord) => boolean): Logs {
    throw new Error("being built");
  }
  map(_edit: (record: LogRecord) => RecordEdit | undefined): Logs {
    throw new Error("being built");
  }
  /** Sets (or, with `undefined`, deletes) attributes of every resource. */
  withResourceAttributes(_attributes: { readonly [key: string]: AnyValue | undefined }): Logs {
    throw new Error("being built");
  }
  toJson(): string {
    throw new Error("being built");
  }
}

/** A batch from OTLP/JSON text or bytes; records that are wrong are left out and counted, the others taken. */
export interface JsonResult {
  readonly logs: Logs;
  readonly rejected: number;
  /** The first fault: what, where (a path), what was expected. */
  readonly message?: string;
}

export interface LogRecordInit {
  readonly timeUnixNano?: bigint;
  /** Milliseconds since the epoch, an alternative to timeUnixNano that costs less. */
  readonly timeMs?: number;
  readonly observedTimeMs?: number;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: AnyValue;
  readonly attributes?: { readonly [key: string]: AnyValue | undefined };
  readonly eventName?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly flags?: number;
}

/** Writes records of one resource and scope straight to protobuf; `build` gives the batch and starts over. */
export class LogsBuilder {
  constructor(_resource: AnyMap, _scope?: { name: string; version?: string }) {}
  get itemCount(): number {
    throw new Error("being built");
  }
  get byteLength(): number {
    throw new Error("being built");
  }
  add(_record: LogRecordInit): void {
    throw new Error("being built");
  }
  build(): Logs {
    throw new Error("being built");
  }
}

/** Throws OtlpError where the text is no OTLP/JSON request at all. */
export function logsFromJson(_json: string | Uint8Array | object): JsonResult {
  throw new Error("being built");
}
