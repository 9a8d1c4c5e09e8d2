// One OTLP/HTTP request with a JSON body; no answer is a value, not an exception.

export type PostAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly message: string; readonly retryAfterMs: number }
  | { readonly kind: "none"; readonly reason: string };

/** The pipelines answer within two seconds, also where they have no room; a large body takes its time on the way. */
const timeoutMs = 30_000;
const defaultRetryMs = 1_000;
const maxRetryMs = 60_000;

export async function post(url: string, json: Buffer, signal: AbortSignal): Promise<PostAnswer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new Uint8Array(json),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const body = (await response.json().catch(() => undefined)) as { message?: unknown } | undefined;
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return {
      kind: "answered",
      status: response.status,
      message: typeof body?.message === "string" ? body.message : response.statusText,
      retryAfterMs: seconds >= 0 ? Math.min(maxRetryMs, seconds * 1_000) : defaultRetryMs,
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: "none", reason: cause instanceof Error ? cause.message : String(cause) };
  }
}
