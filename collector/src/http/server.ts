// A bound HTTP server that hands every request and upgrade to an app that may be another one from moment to moment.

import { once } from "node:events";
import type { Server } from "node:http";
import type { ListenAddress } from "../component/index.ts";

/** Not imported: an import reads every export, and one of them loads Node's whole `fetch`, 13 MB of memory and 30 ms. */
const { createServer } = process.getBuiltinModule("node:http");

/** Time for a whole request: a slow client must not hold a connection for minutes (statement S13). */
const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
const keepAliveTimeoutMs = 60_000;
/** Between looks at connections that have become idle while the server closes. */
const idleLookMs = 50;

export interface BoundServer {
  readonly bound: { readonly host: string; readonly port: number };
  /** Takes no more connections; resolves when those that are open have ended. Safe twice. */
  close(): Promise<void>;
}

/** `app`: the server of the app that answers, itself not bound. Rejects where the address cannot be bound. */
export async function bindServer({ host, port }: ListenAddress, app: () => Server | undefined): Promise<BoundServer> {
  const first = await listen(host === "localhost" ? "127.0.0.1" : host, port, app);
  const address = first.address();
  const boundPort = typeof address === "object" && address ? address.port : port;
  // The name means both; the second is not there where a machine has no IPv6.
  const second = host === "localhost" ? await listen("::1", boundPort, app).catch(() => undefined) : undefined;
  const servers = second === undefined ? [first] : [first, second];
  let closed: Promise<unknown> | undefined;
  return {
    bound: { host, port: boundPort },
    async close() {
      closed ??= Promise.all(servers.map(closeServer));
      await closed;
    },
  };
}

async function listen(host: string, port: number, app: () => Server | undefined): Promise<Server> {
  const server = createServer({
    requestTimeout: requestTimeoutMs,
    headersTimeout: headersTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
  });
  server.on("request", (request, response) => {
    if (app()?.emit("request", request, response) !== true) response.writeHead(503, { connection: "close" }).end();
  });
  server.on("upgrade", (request, socket, head) => {
    if (app()?.emit("upgrade", request, socket, head) !== true) socket.destroy();
  });
  server.on("clientError", (error, socket) => {
    if (app()?.emit("clientError", error, socket) !== true) socket.destroy();
  });
  server.listen({ host, port });
  await once(server, "listening");
  return server;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const timer = setInterval(() => server.closeIdleConnections(), idleLookMs);
  await closed;
  clearInterval(timer);
}
