// Batches from OTLP/JSON.

import { type Limits, withDefaults } from "../limits.ts";
import { Logs, type ReadResult } from "../logs.ts";
import { OpaqueBatch, type OpaqueSignal } from "../opaque.ts";
import { levelsOf } from "../schema/signals.ts";
import { transcodeJson } from "./parse.ts";

export interface OpaqueJsonResult {
  readonly batch: OpaqueBatch;
  /** Spans or metrics. */
  readonly rejected: number;
  readonly message?: string;
}

/** Records that are wrong are left out and counted. Throws OtlpError where the text is no OTLP/JSON request at all, or past a limit. */
export function logsFromJson(json: string | Uint8Array | object, limits?: Partial<Limits>): ReadResult {
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
