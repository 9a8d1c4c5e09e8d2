// One POST: bytes out, status and bounded body back. Redirects are answers like any other.

import {
  type ClientOptions,
  type ClientTls,
  clientOptions,
  type Log,
  watchTls,
} from "@chriscode/devmux-telemetry-server/component";

/** Not imported: an import reads every export, and one of them loads Node's whole `fetch`, 13 MB of memory and 30 ms. */
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

export interface PostOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The runs of bytes that it consists of. */
  readonly body: readonly Uint8Array[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface PostAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  /** Undefined where it is larger than OTLP's bound for a client. */
  readonly body: Buffer | undefined;
}

export interface Poster {
  /** Rejects where there is no answer: refused, reset, not resolved, too slow. */
  post(options: PostOptions): Promise<PostAnswer>;
  close(): void;
}

/** OTLP's recommended bound for what a client reads (opentelemetry-proto, specification.md). */
const maxResponseBytes = 4 * 1024 * 1024;

/** Throws where a certificate cannot be used. */
export function createPoster(tls: ClientTls, log: Log): Poster {
  // Kept open between batches; a handful is enough for the few calls at once that a queue makes.
  const pool = { keepAlive: true, maxSockets: 16 };
  const secure = (options: ClientOptions) => new https.Agent({ ...pool, ...options });
  const load = () => clientOptions(tls);
  const agents = { "http:": new http.Agent(pool), "https:": secure(load()) };
  const stopWatching = watchTls(
    tls,
    load,
    (options) => {
      const old = agents["https:"];
      agents["https:"] = secure(options);
      old.destroy();
    },
    log,
  );

  function post({ url, headers, body, timeoutMs, signal }: PostOptions): Promise<PostAnswer> {
    const { request } = url.protocol === "https:" ? https : http;
    const agent = agents[url.protocol as keyof typeof agents];
    const length = body.reduce((sum, piece) => sum + piece.length, 0);
    return new Promise((resolve, reject) => {
      let late: Error | undefined;
      const fail = (error: Error) => reject(late ?? error);
      const call = request(
        url,
        { method: "POST", agent, signal, headers: { ...headers, "content-length": length } },
        (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          const answer = (whole: Buffer | undefined): PostAnswer => ({
            status: response.statusCode ?? 0,
            contentType: response.headers["content-type"] ?? "",
            retryAfter: response.headers["retry-after"],
            body: whole,
          });
          response.on("data", (chunk: Buffer) => {
            size += chunk.length;
            if (size <= maxResponseBytes) return void chunks.push(chunk);
            resolve(answer(undefined));
            response.destroy();
          });
          response.on("end", () => resolve(answer(Buffer.concat(chunks))));
          response.on("error", fail);
        },
      );
      // Not AbortSignal.timeout, which keeps a timer and what hangs on it until then, however soon the answer comes.
      const deadline = setTimeout(() => {
        late = new Error(`no answer within ${timeoutMs} ms`);
        call.destroy(late);
      }, timeoutMs);
      call.on("error", fail);
      call.on("close", () => clearTimeout(deadline));
      // One write of all pieces.
      call.cork();
      for (const piece of body) call.write(piece);
      call.end();
    });
  }

  return {
    post,
    close() {
      stopWatching();
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}
