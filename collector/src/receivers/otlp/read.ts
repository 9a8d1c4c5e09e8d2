// A request's bytes as a batch.

import {
  type Batch,
  Logs,
  logsFromJson,
  OpaqueBatch,
  OtlpError,
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

/** Throws OtlpHttpError 400 where the bytes are no request at all. */
export function readRequest(signal: Signal, body: Uint8Array, encoding: Encoding): ReadRequest {
  try {
    if (signal === "logs" && encoding.kind === "json") {
      const { logs, rejected, message } = logsFromJson(body);
      return { batch: logs, rejected, message };
    }
    if (encoding.kind === "json") throw new OtlpHttpError(415, `${signal} are taken as application/x-protobuf`);
    const batch = signal === "logs" ? Logs.fromProtobuf(body) : OpaqueBatch.fromProtobuf(signal, body);
    return { batch, rejected: 0, message: undefined };
  } catch (error) {
    if (error instanceof OtlpError) throw new OtlpHttpError(400, error.message);
    throw error;
  }
}
