// The HTTP servers of the collector: one for each address, shared by all who mount routes on it.

import websocket from "@fastify/websocket";
import fastify, { type FastifyInstance } from "fastify";
import type { ListenAddress, Log } from "../component/index.ts";
import { type AccessRules, checkAccess } from "./access.ts";

/** Largest WebSocket message; a batch of the client's is at most 1 MiB, a hand-written `log` may be larger. */
export const maxMessageBytes: number = 4 * 1024 * 1024;
/** OTLP's recommended limit (opentelemetry-proto, specification.md), applied after decompression too by the OTLP receiver. */
export const maxBodyBytes: number = 64 * 1024 * 1024;
/** Time for a whole request: a slow client must not hold a connection for minutes (statement S13). */
const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
const keepAliveTimeoutMs = 60_000;

export interface Listeners {
  get(address: ListenAddress): FastifyInstance;
  /** Binds every address that was asked for. Throws `ListenError` where one is taken and not optional. */
  listen(): Promise<void>;
  /** Where an address is bound, once it is. */
  addressOf(address: ListenAddress): { readonly host: string; readonly port: number } | undefined;
  /** The ports that are bound. */
  ports(): readonly number[];
  /** Stops taking connections; open ones are ended when their answers are out. */
  close(): Promise<void>;
}

/** A port that could not be bound: taken (`EADDRINUSE`), or forbidden (`EACCES`), or no such address. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: string;
  readonly host: string;
  readonly port: number;

  constructor(address: ListenAddress, cause: NodeJS.ErrnoException) {
    const why = cause.code === "EADDRINUSE" ? "the port is in use" : cause.message;
    super(`cannot listen on ${address.host}:${address.port}: ${why}`, { cause });
    this.code = cause.code ?? "EUNKNOWN";
    this.host = address.host;
    this.port = address.port;
  }
}

interface Listener {
  readonly address: ListenAddress;
  readonly app: FastifyInstance;
  bound: { host: string; port: number } | undefined;
}

export function createListeners(rules: AccessRules, log: Log): Listeners {
  const listeners = new Map<string, Listener>();
  const keyOf = ({ host, port }: ListenAddress) => `${host} ${port}`;

  async function bind(listener: Listener): Promise<void> {
    const { host, port, optional } = listener.address;
    try {
      await listener.app.listen({ host, port });
      const address = listener.app.server.address();
      listener.bound = { host, port: typeof address === "object" && address ? address.port : port };
    } catch (error) {
      const failure = new ListenError(listener.address, error as NodeJS.ErrnoException);
      if (!optional) throw failure;
      log.warn(`${failure.message}; going on without it`);
    }
  }

  return {
    get(address) {
      const known = listeners.get(keyOf(address));
      if (known) return known.app;
      const app = createApp(rules);
      listeners.set(keyOf(address), { address, app, bound: undefined });
      return app;
    },
    async listen() {
      for (const listener of listeners.values()) await bind(listener);
    },
    addressOf: (address) => listeners.get(keyOf(address))?.bound,
    ports: () => [...listeners.values()].flatMap(({ bound }) => bound?.port ?? []),
    async close() {
      await Promise.all([...listeners.values()].map(({ app }) => app.close()));
    },
  };
}

function createApp(rules: AccessRules): FastifyInstance {
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    forceCloseConnections: "idle",
    // No route of ours has a JSON schema; without this the compilers for them are loaded all the same, 10 MB of memory.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  app.server.headersTimeout = headersTimeoutMs;
  app.addHook("onRequest", async (request, reply) => {
    const { host, origin } = request.headers;
    const access = checkAccess({ host, origin }, rules);
    if (access.ok) return;
    // An upgrade that is refused has no one else who would end its socket.
    reply.raw.once("finish", () => request.raw.socket.end());
    return reply.code(access.status).header("connection", "close").send({ error: access.message });
  });
  app.register(websocket, {
    options: { maxPayload: maxMessageBytes, perMessageDeflate: false },
    // Receivers close their own clients after answering them; the plugin's default would cut them first.
    preClose: (done) => done(),
  });
  return app;
}

function noSchemas(): never {
  throw new Error("a route has a JSON schema; its compiler is not loaded");
}
