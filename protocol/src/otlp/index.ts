// OTLP: the batch, its values, JSON in and out.

export type { Batch, Signal } from "./batch.ts";
export { signals } from "./batch.ts";
export { OtlpError } from "./errors.ts";
export type { JsonResult, LogRecord, LogRecordInit, RecordEdit, Resource, Scope } from "./logs.ts";
export { Logs, LogsBuilder, logsFromJson } from "./logs.ts";
export { OpaqueBatch } from "./opaque.ts";
export type { AnyMap, AnyValue } from "./value.ts";
