// A real OTLP/HTTP backend that records what is posted to it.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { gunzipSync } from "node:zlib";
import { type LogRecord, Logs, logsFromJson } from "@chriscode/devmux-telemetry-protocol";

export interface OtlpServer extends AsyncDisposable {
  readonly endpoint: string;
  readonly records: LogRecord[];
  readonly posts: { readonly contentType: string; readonly encoding: string }[];
}

export async function startOtlpServer(port = 0): Promise<OtlpServer> {
  const records: LogRecord[] = [];
  const posts: { contentType: string; encoding: string }[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const contentType = request.headers["content-type"] ?? "";
      const encoding = request.headers["content-encoding"] ?? "";
      const raw = Buffer.concat(chunks);
      const body = encoding === "gzip" ? gunzipSync(raw) : raw;
      const logs = contentType.startsWith("application/json") ? logsFromJson(body).logs : Logs.fromProtobuf(body);
      posts.push({ contentType, encoding });
      records.push(...logs.records());
      response
        .writeHead(200, { "content-type": contentType })
        .end(contentType.startsWith("application/json") ? "{}" : "");
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    records,
    posts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
