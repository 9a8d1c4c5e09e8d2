// A bound HTTP server that hands every request and upgrade to an app that may be another one from moment to moment.

import { once } from "node:events";
import type { Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { ListenAddress, Log } from "../component/index.ts";
import { serverOptions, watchTls } from "../tls/material.ts";

/** Not imported: an import reads every export, and one of them loads Node's whole `fetch`, 13 MB of memory and 30 ms. */
export const http: typeof import("node:http") = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

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

/** `app`: the server of the app that answers, itself not bound. Rejects where the address cannot be bound, or its TLS not be used. */
export async function bindServer(
  address: ListenAddress,
  app: () => Server | undefined,
  log: Log,
): Promise<BoundServer> {
  const { host, port, tls } = address;
  const first = await listen(address, host === "localhost" ? "127.0.0.1" : host, port, app);
  const bound = first.address();
  const boundPort = typeof bound === "object" && bound ? bound.port : port;
  // The name means both; the second is not there where a machine has no IPv6.
  const second = host === "localhost" ? await listen(address, "::1", boundPort, app).catch(() => undefined) : undefined;
  const servers = second === undefined ? [first] : [first, second];
  const change = (options: object) => {
    for (const server of servers) (server as SecureServer).setSecureContext(options);
  };
  const stopWatching = tls === undefined ? () => {} : watchTls(tls, () => serverOptions(tls), change, log);
  let closed: Promise<unknown> | undefined;
  return {
    bound: { host, port: boundPort },
    async close() {
      stopWatching();
      closed ??= Promise.all(servers.map(closeServer));
      await closed;
    },
  };
}

async function listen(
  { tls, limits }: ListenAddress,
  host: string,
  port: number,
  app: () => Server | undefined,
): Promise<Server | SecureServer> {
  const options = {
    requestTimeout: limits?.requestMs ?? requestTimeoutMs,
    headersTimeout: limits?.headersMs ?? headersTimeoutMs,
    keepAliveTimeout: limits?.idleMs ?? keepAliveTimeoutMs,
  };
  const server =
    tls === undefined ? http.createServer(options) : https.createServer({ ...options, ...serverOptions(tls) });
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

async function closeServer(server: Server | SecureServer): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const timer = setInterval(() => server.closeIdleConnections(), idleLookMs);
  await closed;
  clearInterval(timer);
}
