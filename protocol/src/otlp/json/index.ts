// Batches from OTLP/JSON.

import { type Limits, withDefaults } from "../limits.ts";
import { Logs } from "../logs.ts";
import { OpaqueBatch, type OpaqueSignal } from "../opaque.ts";
import { levelsOf } from "../schema/signals.ts";
import { transcodeJson } from "./parse.ts";

/** A batch from OTLP/JSON; records that are wrong are left out and counted, the others taken. */
export interface JsonResult {
  readonly logs: Logs;
  readonly rejected: number;
  /** The first fault: where (a path), what was expected, what is there. */
  readonly message?: string;
}

export interface OpaqueJsonResult {
  readonly batch: OpaqueBatch;
  /** Spans or metrics. */
  readonly rejected: number;
  readonly message?: string;
}

/** Throws OtlpError where the text is no OTLP/JSON request at all, or past a limit. */
export function logsFromJson(json: string | Uint8Array | object, limits?: Partial<Limits>): JsonResult {
  const bounds = withDefaults(limits);
  const { bytes, rejected, message } = transcodeJson(json, levelsOf.logs, bounds);
  const logs = Logs.fromProtobuf(bytes, { ...bounds, maxBytes: Number.POSITIVE_INFINITY });
  return { logs, rejected, ...(message !== undefined && { message }) };
}

/** The same for traces and metrics. */
export function opaqueFromJson(
  signal: OpaqueSignal,
  json: string | Uint8Array | object,
  limits?: Partial<Limits>,
): OpaqueJsonResult {
  const bounds = withDefaults(limits);
  const { bytes, rejected, message } = transcodeJson(json, levelsOf[signal], bounds);
  const batch = OpaqueBatch.fromProtobuf(signal, bytes, { ...bounds, maxBytes: Number.POSITIVE_INFINITY });
  return { batch, rejected, ...(message !== undefined && { message }) };
}
