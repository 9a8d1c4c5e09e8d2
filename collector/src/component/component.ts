// The contracts every component keeps. The engine owns all of them; components never call each other.
//
// Lifecycle. A factory's create function does no I/O and starts no timer. `start(host)` may fail: throw an Error whose
// message says what, where and what to do. `shutdown(signal)` is safe twice and without `start`; it resolves after what the
// component held has been handed on or counted as dropped, and gives up holding when `signal` aborts (counting the rest).
//
// Start order: extensions, exporters, processors, receivers. Stop order: the reverse, with one deadline for all.

import type { Batch, Signal } from "@chriscode/devmux-telemetry-protocol";
import type { FastifyInstance } from "fastify";
import type { Access, AccessRequest } from "../http/access.ts";
import type { ServerTls } from "../tls/config.ts";
import type { Streams } from "./streams.ts";
import type { Verdict } from "./verdict.ts";

export interface Component {
  start?(host: Host): Promise<void>;
  shutdown?(signal: AbortSignal): Promise<void>;
}

/** Takes batches. Never throws: what goes wrong is a verdict. Batches are immutable, so a consumer may keep one. */
export interface Consumer {
  consume(batch: Batch): Promise<Verdict>;
}

/** What a receiver feeds. `transport` is how the batch came (`http`, `grpc`, `websocket`), for the metrics. */
export interface Output {
  consume(batch: Batch, transport?: string): Promise<Verdict>;
}

/** Turns what arrives at an edge into batches. It acknowledges its client only after the verdict of `next`. */
export interface Receiver extends Component {}

/**
 * Stands between two consumers. It passes on the batch it got, or another one that shares the bytes; what it leaves out it
 * counts with `settings.dropped`. One that holds records says for how long in its README and hands them on in `shutdown`.
 */
export interface Processor extends Component, Consumer {}

/**
 * Hands batches to the outside. `export` is called by the sending queue that the engine puts before every exporter, with at
 * most `num_consumers` calls at once (1 unless configured). `retryable` makes the queue try the same batch again. `signal`
 * aborts when the collector will not wait any longer.
 */
export interface Exporter extends Component {
  export(batch: Batch, signal: AbortSignal): Promise<Verdict>;
}

/** An exporter in one pipeline and a receiver in another. */
export interface Connector extends Component, Consumer {}

/** Has a lifetime and no data: storage, health checks. */
export interface Extension extends Component {}

/** What a component may ask of the collector that runs it. */
export interface Host {
  /** Directory for files of the program, mode 0700, exists. */
  readonly stateDir: string;
  readonly collector: { readonly name: string; readonly version: string; readonly instanceId: string };
  /** The collector's own port, for receivers that are reached there. */
  readonly address: ListenAddress;
  /** A receiver that listens on a server of its own says here where, so that no exporter sends to it. */
  listening(address: ListenAddress): void;
  /** Whether a name and port are one of this collector's own listeners: what is sent there comes back for ever. */
  isOwnAddress(hostname: string, port: number): boolean;
  /** Lets pages of these exact origins send, beside this machine's own. */
  allowOrigins(origins: readonly string[]): void;
  /** Decides over Host and Origin, for servers that are none of `listener`'s. */
  access(request: AccessRequest): Access;
  /** Whether a client may send: one of this machine always, one of the network with the token that the user has set. */
  admits(client: { readonly remoteAddress: string; readonly token: string | undefined }): boolean;
  /** The streams that clients feed. Receivers write to it, exporters and status read it. */
  readonly streams: Streams;
  /**
   * The HTTP server for an address, shared by all who ask for the same one; it checks Host and Origin before any route
   * runs, and listens after every receiver has started. `optional`: a taken port is said and not fatal. To be asked in `start`.
   */
  listener(address: ListenAddress): Mount;
  /** The running extension with this id, or undefined. */
  extension(id: string): Extension | undefined;
  /** How the collector is, and each of its components; for those who tell others. */
  health(): CollectorHealth;
}

/** A component's place on an HTTP server. */
export interface Mount {
  /**
   * Adds routes, in a scope of their own. `plugin` is called again whenever the routes of another component on the same server
   * change, so it does nothing but add routes; they are gone when the component is shut down.
   */
  register(plugin: (scope: FastifyInstance) => Promise<void>): void;
}

export interface CollectorHealth {
  /** `running` from the moment at which everything listens until the stop begins. */
  readonly phase: "starting" | "running" | "stopping";
  readonly components: readonly ComponentHealth[];
}

export interface ComponentHealth {
  readonly kind: "receiver" | "processor" | "exporter" | "connector" | "extension";
  readonly id: string;
  readonly state: HealthState;
  readonly message?: string;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly optional?: boolean;
  /** Absent: in the clear. */
  readonly tls?: ServerTls;
  /** Of an HTTP server; absent where the server's own do. The first who asks for an address decides. */
  readonly limits?: ServerLimits;
}

/** How long an HTTP server waits, in milliseconds: for a whole request, for its headers, for the next one on the same connection. */
export interface ServerLimits {
  readonly requestMs?: number;
  readonly headersMs?: number;
  readonly idleMs?: number;
}

/** What every component gets when it is created. */
export interface Settings {
  /** `type` or `type/name`, as configured. */
  readonly id: string;
  readonly log: Log;
  /** Says how the component is. Repeating a state is free; a change is logged once and shown in `status`. */
  health(state: HealthState, message?: string): void;
  /** Counts records that vanish here and are in no verdict. `intended`: a rule of the user's said so. */
  dropped(count: number, reason: string, intended?: boolean): void;
  /** Adds to a counter of the component's own, shown in `status` (e.g. `duplicates_suppressed`). */
  count(name: string, by?: number): void;
  /** One value of a histogram that the factory names in `metrics`. Free while nobody reads the metrics. */
  measure(name: string, value: number): void;
}

/** `degraded`: it goes on and will recover by itself. `failed`: it does nothing until the configuration changes. */
export type HealthState = "ok" | "degraded" | "failed";

/** The program's own log. ERROR means loss, WARN means recovered. Never a record's body, never a token. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export type { Batch, Signal };
