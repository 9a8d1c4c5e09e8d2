// The relay: `/__devmux` of the dev server to the collector. A WebSocket, and OTLP posts to `/__devmux/v1/logs`; nothing
// else of the collector is to be reached through it.

import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions, ServerResponse } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Duplex } from "node:stream";
import { type HostRules, refusalOf } from "./same-origin.ts";

export interface Relay {
  /** False where the request is not the relay's. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** False where the upgrade is not the relay's. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends what is open. */
  close(): void;
}

/** A page waits no longer for an answer to its request; the collector's own limit is as long. */
const answerTimeoutMs = 30_000;
/** What a page says of its message. Cookies are not the collector's business. */
const relayedHeaders = ["content-type", "content-encoding", "content-length"];
const upgradeHeaders = ["sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions"];

export function createRelay(path: string, collector: URL, rules: HostRules): Relay {
  const open = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  };
  const request = (options: RequestOptions): ClientRequest =>
    (collector.protocol === "wss:" ? requestHttps : requestHttp)({
      host: collector.hostname.replace(/^\[|\]$/g, ""),
      port: collector.port,
      ...options,
    });

  return {
    handleRequest(incoming, response) {
      const requested = pathOf(incoming);
      if (requested !== path && !requested.startsWith(`${path}/`)) return false;
      const refusal = refusalOf(incoming.headers, rules);
      if (refusal !== undefined) answer(response, 403, refusal);
      else if (requested !== `${path}/v1/logs`)
        answer(response, 404, `expected POST ${path}/v1/logs, or a WebSocket on ${path}`);
      else if (incoming.method !== "POST") answer(response, 405, "expected POST");
      else {
        const outgoing = request({
          method: "POST",
          path: "/v1/logs",
          headers: { ...pick(incoming.headers, relayedHeaders), ...tokenOf(incoming.headers) },
          timeout: answerTimeoutMs,
        });
        outgoing.on("response", (answered) => {
          const { "content-type": type, "retry-after": retryAfter } = answered.headers;
          response.writeHead(answered.statusCode ?? 502, {
            ...(type && { "content-type": type }),
            ...(retryAfter && { "retry-after": retryAfter }),
          });
          answered.pipe(response);
          answered.on("error", () => response.destroy());
        });
        outgoing.on("timeout", () => outgoing.destroy());
        outgoing.on("error", () => {
          if (response.headersSent) response.destroy();
          else answer(response, 503, `the collector at ${collector.host} does not answer`);
        });
        incoming.pipe(outgoing);
        response.on("close", () => outgoing.destroy());
      }
      return true;
    },

    handleUpgrade(incoming, socket, head) {
      if (pathOf(incoming) !== path) return false;
      socket.on("error", () => socket.destroy());
      const refusal = refusalOf(incoming.headers, rules);
      if (refusal !== undefined) {
        refuse(socket, 403, "Forbidden", refusal);
        return true;
      }
      keep(socket);
      const outgoing = request({
        path: collector.pathname,
        headers: { connection: "Upgrade", upgrade: "websocket", ...pick(incoming.headers, upgradeHeaders) },
      });
      socket.on("close", () => outgoing.destroy());
      outgoing.on("error", () => refuse(socket, 503, "Service Unavailable", `no collector at ${collector.host}`));
      outgoing.on("response", (answered) => {
        answered.resume();
        refuse(socket, answered.statusCode ?? 502, answered.statusMessage ?? "", "the collector refused the upgrade");
      });
      outgoing.on("upgrade", ({ headers }, upstream, early) => {
        keep(upstream);
        upstream.on("error", () => upstream.destroy());
        upstream.on("close", () => socket.destroy());
        socket.on("close", () => upstream.destroy());
        const accepted = pick(headers, ["sec-websocket-accept", "sec-websocket-extensions"]);
        const lines = Object.entries({ connection: "Upgrade", upgrade: "websocket", ...accepted });
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\n${lines.map((line) => line.join(": ")).join("\r\n")}\r\n\r\n`,
        );
        socket.write(early);
        upstream.write(head);
        socket.pipe(upstream).pipe(socket);
      });
      outgoing.end();
      return true;
    },

    close() {
      for (const socket of open) socket.destroy();
    },
  };
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return url.replace(/[?#].*$/s, "");
}

function pick(headers: IncomingHttpHeaders, names: readonly string[]): { [name: string]: string } {
  const pairs = names.map((name): [string, unknown] => [name, headers[name]]);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

/** The collector's token, where the page has one; another scheme is the dev server's own. */
function tokenOf({ authorization }: IncomingHttpHeaders): { authorization?: string } {
  return authorization?.startsWith("Bearer ") ? { authorization } : {};
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

function refuse(socket: Duplex, status: number, reason: string, text: string): void {
  if (socket.writable)
    socket.end(
      `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
}
