// One JSON request to a collector on this machine: bounded in time and size, and no answer is a value, not an exception.

/** Not imported: an import reads every export, and one of them loads Node's whole `fetch`, 13 MB of memory and 30 ms. */
const { request: httpRequest } = process.getBuiltinModule("node:http");

export type Answer =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown }
  | { readonly kind: "none"; readonly reason: string };

export interface JsonRequest {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly token?: string;
  readonly timeoutMs: number;
}

/** A status of 500 streams is some 100 KB; more than this is no answer of ours. */
const maxAnswerBytes = 4 * 1024 * 1024;

export function requestJson({ url, method = "GET", token, timeoutMs }: JsonRequest): Promise<Answer> {
  return new Promise((resolve) => {
    const none = (reason: string) => resolve({ kind: "none", reason });
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const request = httpRequest(
      url,
      { method, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxAnswerBytes) response.destroy(new Error(`answered more than ${maxAnswerBytes} bytes`));
          else chunks.push(chunk);
        });
        response.on("error", (error) => none(error.message));
        response.on("end", () => {
          try {
            resolve({
              kind: "answer",
              status: response.statusCode ?? 0,
              body: JSON.parse(Buffer.concat(chunks).toString("utf8")),
            });
          } catch {
            none("answered something that is no JSON");
          }
        });
      },
    );
    request.on("error", (error) =>
      none(
        error.name === "AbortError" || error.name === "TimeoutError" ? `no answer in ${timeoutMs} ms` : error.message,
      ),
    );
    request.end();
  });
}

/** `http://…` for the `ws://…` of a collector. */
export function httpUrl(url: string, path: string): string {
  return new URL(path, url.replace(/^ws/, "http")).href;
}
