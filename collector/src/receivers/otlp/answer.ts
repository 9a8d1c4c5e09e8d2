// What OTLP/HTTP answers: a verdict or a fault as status code, headers and body in the request's encoding.
// Rules: opentelemetry-proto docs/specification.md, "OTLP/HTTP Response"; every 4xx and 5xx body is a google.rpc.Status.

import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import type { Verdict } from "../../component/index.ts";
import type { Encoding } from "./encoding.ts";
import { ProtobufMessage } from "./message.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 413 | 415 | 429 | 500 | 503;

/** A request that is not taken, with the status code that it is answered with. */
export class OtlpHttpError extends Error {
  override readonly name = "OtlpHttpError";
  readonly status: ErrorStatus;

  constructor(status: ErrorStatus, message: string) {
    super(message);
    this.status = status;
  }
}

/** google.rpc.Code, by HTTP status (googleapis, google/rpc/code.proto). */
const grpcCodes: Readonly<Record<ErrorStatus, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
};
/** An error names what is wrong; more than this is somebody's data (statement S21: at most 1 KiB). */
const maxMessageLength = 900;

const rejectedField: Readonly<Record<Signal, string>> = {
  logs: "rejectedLogRecords",
  traces: "rejectedSpans",
  metrics: "rejectedDataPoints",
};

/** `rejected` counts what could not be read at the door, beside what the pipelines refused. */
export function answerVerdict(
  verdict: Verdict,
  signal: Signal,
  rejected: number,
  message: string | undefined,
  encoding: Encoding,
): Answer {
  if (verdict.kind === "retryable") {
    // At least a second: the header knows nothing shorter.
    const seconds = Math.max(1, Math.ceil((verdict.retryAfterMs ?? 1_000) / 1_000));
    return answerError(503, verdict.reason, encoding, { "retry-after": String(seconds) });
  }
  if (verdict.kind === "rejected") return answerError(400, verdict.reason, encoding);
  const total = rejected + (verdict.refused ?? 0);
  const body = successBody(signal, total, message ?? verdict.reason, encoding);
  return { status: 200, headers: { "content-type": encoding.contentType }, body };
}

/** An Export<Signal>ServiceResponse. Full success leaves partial_success unset: no bytes, or {}. */
export function successBody(signal: Signal, rejected: number, message: string | undefined, encoding: Encoding): Buffer {
  const text = shorten(message ?? "");
  const partial = rejected > 0 || text !== "";
  if (encoding.kind === "json") {
    const body = partial ? { partialSuccess: { [rejectedField[signal]]: String(rejected), errorMessage: text } } : {};
    return Buffer.from(JSON.stringify(body));
  }
  if (!partial) return Buffer.alloc(0);
  return new ProtobufMessage().message(1, new ProtobufMessage().varint(1, rejected).string(2, text).bytes()).bytes();
}

export function answerError(
  status: ErrorStatus,
  message: string,
  encoding: Encoding,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const code = grpcCodes[status];
  const text = shorten(message);
  const body =
    encoding.kind === "json"
      ? Buffer.from(JSON.stringify({ code, message: text }))
      : new ProtobufMessage().varint(1, code).string(2, text).bytes();
  return { status, headers: { "content-type": encoding.contentType, ...headers }, body };
}

function shorten(text: string): string {
  return text.length > maxMessageLength ? `${text.slice(0, maxMessageLength)}…` : text;
}
