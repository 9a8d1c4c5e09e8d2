// A request's bytes as a batch.

import {
  type Batch,
  Logs,
  logsFromJson,
  OpaqueBatch,
  OtlpError,
  opaqueFromJson,
  type Signal,
} from "@chriscode/devmux-telemetry-protocol";
import { OtlpHttpError } from "./answer.ts";
import type { Encoding } from "./encoding.ts";

export interface ReadRequest {
  readonly batch: Batch;
  /** Records that were wrong and left out. */
  readonly rejected: number;
  readonly message: string | undefined;
}

/**
 * Logs without an observed time get this moment, as the data model asks of a receiver. One bad record does not fail the others:
 * it is left out and counted. Throws OtlpHttpError 400 where the bytes are no request at all.
 */
export function readRequest(signal: Signal, body: Uint8Array, encoding: Encoding): ReadRequest {
  try {
    if (signal === "logs") {
      const { logs, rejected, message } = encoding.kind === "protobuf" ? Logs.readProtobuf(body) : logsFromJson(body);
      return { batch: logs.withObservedTime(Date.now()), rejected, message };
    }
    if (encoding.kind === "protobuf") {
      return { batch: OpaqueBatch.fromProtobuf(signal, body), rejected: 0, message: undefined };
    }
    const { batch, rejected, message } = opaqueFromJson(signal, body);
    return { batch, rejected, message };
  } catch (error) {
    if (error instanceof OtlpError) throw new OtlpHttpError(400, error.message);
    throw error;
  }
}
