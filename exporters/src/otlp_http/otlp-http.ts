// OTLP/HTTP to a backend: the batch's own bytes, compressed; a verdict back.

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import {
  authenticatorOf,
  type Batch,
  type Exporter,
  type Host,
  rejected,
  retryable,
  type Settings,
  type Signal,
} from "@chriscode/devmux-telemetry-server/component";
import type { OtlpHttpConfig } from "./config.ts";
import { verdictOf } from "./judge.ts";
import { createPoster, type Poster } from "./post.ts";

const compress = promisify(gzip);

/** OTLP's recommended bound for a request (opentelemetry-proto, specification.md). */
const maxRequestBytes = 64 * 1024 * 1024;

export function createOtlpHttpExporter(settings: Settings, config: OtlpHttpConfig): Exporter {
  /** Signals that the backend does not know: said once, then dropped, counted, without a request. */
  const unknown = new Map<Signal, string>();
  let poster: Poster | undefined;
  let host: Host | undefined;

  async function bodyOf(batch: Batch): Promise<readonly Uint8Array[]> {
    const json = config.encoding === "json" ? Buffer.from(batch.toJson()) : undefined;
    if (!config.gzip) return json === undefined ? batch.pieces() : [json];
    return [await compress(json ?? batch.encode())];
  }

  function stop(signal: Signal, reason: string): void {
    unknown.set(signal, reason);
    settings.health("degraded", reason);
  }

  /** The reason why a signal is not sent, where there is one. */
  function refusal(signal: Signal, url: URL): string | undefined {
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
    if (!unknown.has(signal) && host?.isOwnAddress(url.hostname, port)) {
      stop(signal, `${url.origin} is this collector itself; name the backend as endpoint`);
    }
    return unknown.get(signal);
  }

  /** Throws where the authenticator does not run. */
  function credentials(): Readonly<Record<string, string>> {
    const { authenticator } = config;
    return authenticator === undefined || host === undefined ? {} : authenticatorOf(host, authenticator).headers();
  }

  return {
    async start(running) {
      host = running;
      poster ??= createPoster(config.tls, settings.log);
      credentials();
    },
    async export(batch, signal) {
      const url = config.urls[batch.signal];
      const stopped = refusal(batch.signal, url);
      if (stopped !== undefined) return rejected(stopped);
      if (batch.byteLength > maxRequestBytes)
        return rejected(`a request of ${batch.byteLength} bytes is larger than OTLP's ${maxRequestBytes}`);
      const headers = {
        ...config.headers,
        ...credentials(),
        "content-type": config.encoding === "json" ? "application/json" : "application/x-protobuf",
        ...(config.gzip ? { "content-encoding": "gzip" } : {}),
      };
      poster ??= createPoster(config.tls, settings.log);
      try {
        const answer = await poster.post({
          url,
          headers,
          body: await bodyOf(batch),
          timeoutMs: config.timeoutMs,
          signal,
        });
        const verdict = verdictOf(answer, url.origin, batch.itemCount, Date.now());
        if (answer.status === 404)
          stop(
            batch.signal,
            `${url.origin} does not take ${batch.signal} (404 for ${url.pathname}); they are not sent there any more`,
          );
        return verdict;
      } catch (error) {
        return retryable(`${url.origin}: ${explain(error)}`);
      }
    },
    async shutdown() {
      poster?.close();
      poster = undefined;
    },
  };
}

/** `AggregateError` (all addresses of a name failed) has an empty message; its parts say it. */
function explain(error: unknown): string {
  const { message, code, errors } = error as NodeJS.ErrnoException & { errors?: unknown[] };
  if (message) return message;
  const [first] = errors ?? [];
  return first instanceof Error ? first.message : (code ?? String(error));
}
