// OTLP: the batch, its values, JSON in and out.

export type { Batch, Signal } from "./batch.ts";
export { signals } from "./batch.ts";
export type { LogRecordInit } from "./builder.ts";
export { LogsBuilder } from "./builder.ts";
export type { SplitLimits } from "./derive.ts";
export type { OtlpErrorCode } from "./errors.ts";
export { OtlpError, otlpErrorCodes } from "./errors.ts";
export type { OpaqueJsonResult } from "./json/index.ts";
export { logsFromJson, opaqueFromJson } from "./json/index.ts";
export type { Limits as OtlpLimits } from "./limits.ts";
export { defaultLimits as defaultOtlpLimits } from "./limits.ts";
export type { ReadResult } from "./logs.ts";
export { Logs } from "./logs.ts";
export type { OpaqueSignal } from "./opaque.ts";
export { OpaqueBatch } from "./opaque.ts";
export type {
  AttributeEdits,
  EntityRef,
  LogRecord,
  RecordEdit,
  RecordIdentity,
  Resource,
  ResourceRun,
  Scope,
  TextEditor,
  ValueRule,
} from "./types.ts";
export type { AnyMap, AnyValue } from "./value.ts";
