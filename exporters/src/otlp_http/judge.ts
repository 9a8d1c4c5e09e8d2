// A backend's answer as a verdict, by opentelemetry-proto's docs/specification.md, "OTLP/HTTP Response".

import {
  accepted,
  partlyAccepted,
  rejected,
  retryable,
  type Verdict,
} from "@chriscode/devmux-telemetry-server/component";
import { textField } from "../otlp/reader.ts";
import { type PartialSuccess, partialSuccessOf, shorten } from "../otlp/response.ts";
import type { PostAnswer } from "./post.ts";

/** The only codes after which the same request may succeed. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export function verdictOf(answer: PostAnswer, origin: string, itemCount: number, now: number): Verdict {
  const { status, body } = answer;
  if (status >= 200 && status < 300) {
    // Too large to read, or not OTLP at all (Loki answers 204 without a body): taken is taken, and never sent again.
    const partial = body === undefined ? undefined : readPartialSuccess(body, answer.contentType);
    if (partial === undefined) return accepted;
    return partial.rejected === 0
      ? { kind: "accepted", reason: partial.message }
      : partlyAccepted(Math.min(partial.rejected, itemCount), partial.message);
  }
  const reason = `${origin} answered ${status}${explain(answer)}`;
  return passing.has(status) ? retryable(reason, retryAfterMs(answer.retryAfter, now)) : rejected(reason);
}

/** Seconds or an HTTP date, in milliseconds from `now`; undefined where it is neither or in the past. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) || at <= now ? undefined : at - now;
}

function readPartialSuccess(body: Buffer, contentType: string): PartialSuccess | undefined {
  if (!contentType.startsWith("application/json")) return partialSuccessOf(body);
  const { partialSuccess: partial } = parseJson(body) as { partialSuccess?: Record<string, unknown> };
  if (typeof partial !== "object" || partial === null) return undefined;
  const rejected = Number(partial.rejectedLogRecords ?? partial.rejectedSpans ?? partial.rejectedDataPoints ?? 0) || 0;
  const message = shorten(String(partial.errorMessage ?? ""));
  return rejected > 0 || message !== "" ? { rejected, message } : undefined;
}

/** The message of a google.rpc.Status in either encoding, or the beginning of a text. */
function explain({ body, contentType, status }: PostAnswer): string {
  if (status >= 300 && status < 400) return " (a redirect, which is not followed: name the final URL as endpoint)";
  if (body === undefined || body.length === 0) return "";
  if (contentType.startsWith("application/json")) {
    const { message } = parseJson(body) as { message?: unknown };
    return typeof message === "string" ? `: ${shorten(message)}` : "";
  }
  const text = contentType.startsWith("application/x-protobuf")
    ? textField(body, 2)
    : contentType.startsWith("text/plain")
      ? body.toString()
      : undefined;
  return text === undefined || text === "" ? "" : `: ${shorten(text.trim())}`;
}

function parseJson(body: Buffer): object {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
