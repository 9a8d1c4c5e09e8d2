// gRPC status codes as verdicts: which failures pass, by opentelemetry-proto's docs/specification.md, "OTLP/gRPC Response".

import { rejected, retryable, type Verdict } from "@chriscode/devmux-telemetry-server/component";
import { type ServiceError, status } from "@grpc/grpc-js";
import { retryInfoOf, shorten } from "../otlp/response.ts";

const passing: ReadonlySet<status> = new Set([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/** RESOURCE_EXHAUSTED passes only where the server says when (RetryInfo). */
export function verdictOf(error: ServiceError, target: string): Verdict {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const waitMs = details === undefined ? undefined : retryInfoOf(Buffer.from(details));
  const reason = `${target}: ${status[error.code] ?? error.code}: ${shorten(error.details)}`;
  const passes = passing.has(error.code) || (error.code === status.RESOURCE_EXHAUSTED && waitMs !== undefined);
  return passes ? retryable(reason, waitMs) : rejected(reason);
}
