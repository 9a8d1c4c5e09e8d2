// The HTTP servers of the collector: one for each address, shared by all who mount routes on it.

import websocket from "@fastify/websocket";
import fastify, { type FastifyInstance } from "fastify";
import type { ListenAddress, Log, Mount } from "../component/index.ts";
import { serverOptions } from "../tls/material.ts";
import { type AccessRules, checkAccess } from "./access.ts";
import { type BoundServer, bindServer, http } from "./server.ts";

/** Largest WebSocket message; a batch of the client's is at most 1 MiB, a hand-written `log` may be larger. */
export const maxMessageBytes: number = 4 * 1024 * 1024;
/** OTLP's recommended limit (opentelemetry-proto, specification.md), applied after decompression too by the OTLP receiver. */
export const maxBodyBytes: number = 64 * 1024 * 1024;
export interface Listeners {
  /** The listener of an address, for the routes of one owner. */
  mount(address: ListenAddress, owner: object): Mount;
  /** Takes the routes of an owner away, at the next `apply`. */
  release(owner: object): void;
  /**
   * Makes what was mounted and released since the last time take effect: binds new addresses, leaves those that nobody wants, and
   * serves the new routes of the others from one request to the next; connections stay. Throws `ListenError` where an address
   * that is not optional cannot be bound; then everything is served as before.
   */
  apply(): Promise<void>;
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
  /** By owner: what adds its routes, called for every app that is made. */
  readonly mounts: Map<object, Mounted>;
  /** Whether `app` lacks something of `mounts`, or has too much. */
  changed: boolean;
  server: BoundServer | undefined;
  app: FastifyInstance | undefined;
}

interface Mounted extends Mount {
  readonly plugins: Parameters<Mount["register"]>[0][];
}

export function createListeners(rules: AccessRules, log: Log): Listeners {
  const listeners = new Map<string, Listener>();
  // A server that is to speak TLS is another one, also at the same address.
  const keyOf = ({ host, port, tls }: ListenAddress) =>
    `${host} ${port}${tls === undefined ? "" : JSON.stringify(tls)}`;

  function listenerOf(address: ListenAddress): Listener {
    const known = listeners.get(keyOf(address));
    if (known) return known;
    const made = { address, mounts: new Map(), changed: false, server: undefined, app: undefined };
    listeners.set(keyOf(address), made);
    return made;
  }

  /** An app with the routes of all owners. Fastify takes no routes once it is ready, so a change makes another app. */
  async function build({ mounts }: Listener): Promise<FastifyInstance> {
    const app = createApp(rules);
    for (const { plugins } of mounts.values()) for (const plugin of plugins) app.register(plugin);
    await app.ready();
    return app;
  }

  /** A port goes from a server that nobody wants to another one with other TLS; nobody has both at once. */
  function makeWay(wanted: readonly Listener[]): void {
    for (const { address, server } of wanted) {
      if (server !== undefined) continue;
      for (const old of listeners.values()) {
        const same = old.address.host === address.host && old.address.port === address.port;
        if (same && old.mounts.size === 0) void old.server?.close();
      }
    }
  }

  async function bind(listener: Listener): Promise<BoundServer | undefined> {
    const { address } = listener;
    try {
      return await bindServer(address, () => listener.app?.server, log);
    } catch (error) {
      const failure = new ListenError(address, error as NodeJS.ErrnoException);
      if (!address.optional) throw failure;
      log.warn(`${failure.message}; going on without it`);
      return undefined;
    }
  }

  return {
    mount(address, owner) {
      const listener = listenerOf(address);
      const known = listener.mounts.get(owner);
      if (known) return known;
      const plugins: Mounted["plugins"] = [];
      const mounted: Mounted = {
        plugins,
        register(plugin) {
          plugins.push(plugin);
          listener.changed = true;
        },
      };
      listener.mounts.set(owner, mounted);
      return mounted;
    },
    release(owner) {
      for (const listener of listeners.values()) if (listener.mounts.delete(owner)) listener.changed = true;
    },
    async apply() {
      const changed = [...listeners.values()].filter((listener) => listener.changed);
      const wanted = changed.filter(({ mounts }) => mounts.size > 0);
      const apps = new Map<Listener, FastifyInstance>();
      const bound: [Listener, BoundServer | undefined][] = [];
      try {
        for (const { address } of wanted) if (address.tls !== undefined) serverOptions(address.tls);
        for (const listener of wanted) apps.set(listener, await build(listener));
        makeWay(wanted);
        for (const listener of wanted) if (!listener.server) bound.push([listener, await bind(listener)]);
      } catch (error) {
        await Promise.all([
          ...bound.map(([, server]) => server?.close()),
          ...[...apps.values()].map((app) => app.close()),
        ]);
        throw error;
      }
      for (const [listener, server] of bound) listener.server = server;
      // An app that is replaced has no part in what follows; sockets that it upgraded are their receivers' own.
      for (const [listener, app] of apps) listener.app = app;
      for (const listener of changed) listener.changed = false;
      const left = changed.filter(({ mounts }) => mounts.size === 0);
      for (const { address } of left) listeners.delete(keyOf(address));
      await Promise.all(left.map(({ server }) => server?.close()));
    },
    addressOf: (address) => listeners.get(keyOf(address))?.server?.bound,
    ports: () => [...listeners.values()].flatMap(({ server }) => server?.bound.port ?? []),
    async close() {
      await Promise.all([...listeners.values()].map(({ server, app }) => Promise.all([server?.close(), app?.close()])));
    },
  };
}

function createApp(rules: AccessRules): FastifyInstance {
  const app = fastify({
    bodyLimit: maxBodyBytes,
    rewriteUrl: ({ url = "/" }) => routable(url),
    // No route of ours has a JSON schema; without this the compilers for them are loaded all the same, 10 MB of memory.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  // What is no route's is answered by whose path it is, not by fastify's words for a method that it does not know.
  for (const method of http.METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
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

/** Percent signs that are no escapes are taken for what they look like: a path that no route has, and that is answered so. */
function routable(url: string): string {
  if (!url.includes("%")) return url;
  try {
    decodeURIComponent(url);
    return url;
  } catch {
    return url.replaceAll("%", "%25");
  }
}

function noSchemas(): never {
  throw new Error("a route has a JSON schema; its compiler is not loaded");
}
