// An OTLP/HTTP backend that can be away, refuse, be slow or never answer, and counts what it takes by record.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { gunzipSync } from "node:zlib";
import { Logs } from "@chriscode/devmux-telemetry-protocol";
import { freePort } from "../ports.ts";

export interface Backend extends AsyncDisposable {
  readonly endpoint: string;
  /** How often each record was taken, in the order of the first time. */
  readonly taken: Map<number, number>;
  /** Part of the requests that are answered with 503. */
  refuse: number;
  delayMs: number;
  /** It takes requests and answers none. */
  stuck: boolean;
  up(): Promise<void>;
  down(): Promise<void>;
}

/** Down at first. */
export async function createBackend(): Promise<Backend> {
  const port = await freePort();
  const taken = new Map<number, number>();
  let server: Server | undefined;

  const backend: Backend = {
    endpoint: `http://127.0.0.1:${port}`,
    taken,
    refuse: 0,
    delayMs: 0,
    stuck: false,
    async up() {
      server = createServer((incoming, response) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", async () => {
          if (backend.stuck) return;
          if (backend.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, backend.delayMs));
          if (Math.random() < backend.refuse) return void response.writeHead(503).end();
          const raw = Buffer.concat(chunks);
          const body = incoming.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
          for (const record of Logs.fromProtobuf(body).records()) {
            const number = Number.parseInt(String(record.attributes()["log.record.uid"]), 10);
            // What a processor says of what it left out has no number.
            if (!Number.isNaN(number)) taken.set(number, (taken.get(number) ?? 0) + 1);
          }
          response.writeHead(200).end();
        });
        incoming.on("error", () => undefined);
      });
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    async down() {
      if (server === undefined) return;
      const closed = once(server, "close");
      server.closeAllConnections();
      server.close();
      server = undefined;
      await closed;
    },
    [Symbol.asyncDispose]: () => backend.down(),
  };
  return backend;
}
