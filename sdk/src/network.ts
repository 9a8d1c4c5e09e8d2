// Opt-in: the page's requests by fetch and XMLHttpRequest as records. `captureNetwork()` after initTelemetry. Bodies and
// headers are never read, and addresses lose their query, their fragment and their credentials.

import type { LogRecord } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api";
import { patchMethod } from "./capture/patch.ts";
import { isOwnUrl } from "./running.ts";
import { packageVersion } from "./version.ts";

export interface NetworkOptions {
  /** Requests whose address contains such a text, or matches such a pattern, are left out. */
  readonly ignore?: readonly (string | RegExp)[];
  /** Only those that fail, by an error or a status from 400 on. */
  readonly onlyFailures?: boolean;
}

interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly startedAt: number;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Begins to capture; the function it returns ends it. Never throws. */
export function captureNetwork(options: NetworkOptions = {}): () => void {
  const { ignore = [], onlyFailures = false } = options;
  const logger = logs.getLogger("devmux.network", packageVersion);
  const begin = (method: unknown, address: unknown): Exchange | undefined => {
    try {
      const url = cleanUrl(address);
      if (isOwnUrl(url)) return undefined;
      if (ignore.some((each) => (typeof each === "string" ? url.includes(each) : url.search(each) >= 0)))
        return undefined;
      return { method: String(method ?? "GET").toUpperCase(), url, startedAt: performance.now() };
    } catch {
      return undefined;
    }
  };
  const end = (exchange: Exchange | undefined, status: number, error?: unknown): void => {
    if (exchange === undefined) return;
    const hasFailed = error !== undefined || status >= 400 || status === 0;
    if (onlyFailures && !hasFailed) return;
    try {
      logger.emit(recordOf(exchange, status, error, hasFailed));
    } catch {
      // Of a processor of somebody else's.
    }
  };

  const undos = [
    patchMethod(globalThis as { fetch?: unknown }, "fetch", (original, isOn): Method => {
      return function (this: unknown, ...args: unknown[]): unknown {
        const result = original.apply(this, args);
        if (!isOn()) return result;
        const [input, init] = args as [Request | string | URL, RequestInit | undefined];
        const isRequest = typeof input === "object" && "url" in input;
        const exchange = begin(init?.method ?? (isRequest ? input.method : "GET"), isRequest ? input.url : input);
        // Looked at beside the app's own promise: its rejections stay its own.
        (result as Promise<Response>).then(
          ({ status, type }) => end(exchange, type === "opaque" ? 200 : status),
          (error: unknown) => end(exchange, 0, error ?? "failed"),
        );
        return result;
      };
    }),
  ];
  const { XMLHttpRequest: Xhr } = globalThis as Partial<typeof globalThis>;
  if (Xhr) {
    const opened = new WeakMap<object, readonly [unknown, unknown]>();
    const prototype = Xhr.prototype as unknown as { open: unknown; send: unknown };
    undos.push(
      patchMethod(prototype, "open", (original): Method => {
        return function (this: unknown, ...args: unknown[]): unknown {
          opened.set(this as object, [args[0], args[1]]);
          return original.apply(this, args);
        };
      }),
      patchMethod(prototype, "send", (original, isOn): Method => {
        return function (this: unknown, ...args: unknown[]): unknown {
          const xhr = this as XMLHttpRequest;
          const about = opened.get(xhr);
          if (isOn() && about) {
            const exchange = begin(...about);
            let problem: string | undefined;
            for (const type of ["error", "abort", "timeout"])
              xhr.addEventListener(type, () => (problem = type), { once: true });
            xhr.addEventListener("loadend", () => end(exchange, xhr.status, problem), { once: true });
          }
          return original.apply(this, args);
        };
      }),
    );
  }
  return () => {
    for (const undo of undos) undo();
  };
}

/** As it is resolved, without query, fragment and credentials: that is where secrets are. */
function cleanUrl(address: unknown): string {
  const base = (globalThis as Partial<typeof globalThis>).location?.href;
  const text = String(address);
  try {
    return new URL(text, base).href.replace(/[?#].*$/s, "").replace(/\/\/[^/@]*@/, "//");
  } catch {
    return text.replace(/[?#].*$/s, "");
  }
}

function recordOf({ method, url, startedAt }: Exchange, status: number, error: unknown, hasFailed: boolean): LogRecord {
  const durationMs = Math.round(performance.now() - startedAt);
  const outcome = error === undefined ? String(status) : nameOf(error);
  return {
    eventName: "devmux.network.request",
    severityNumber: hasFailed ? 13 : 5,
    severityText: hasFailed ? "warn" : "debug",
    body: `${method} ${url} ${outcome} (${durationMs} ms)`,
    attributes: {
      "http.request.method": method,
      "url.full": url,
      ...(status > 0 && { "http.response.status_code": status }),
      ...(hasFailed && { "error.type": outcome }),
      "devmux.network.duration_ms": durationMs,
    },
  };
}

function nameOf(error: unknown): string {
  return typeof error === "string" ? error : String((error as Error | null)?.name ?? error);
}
