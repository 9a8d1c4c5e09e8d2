// Options of the devmux receiver.

import { z } from "zod";
import { duration, size } from "../../config/units.ts";

export interface DevmuxReceiverConfig {
  readonly path: string;
  readonly helloTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxClients: number;
  readonly window: number;
  readonly holdBytes: number;
  readonly heartbeatMs: number;
}

export const devmuxReceiverConfig: z.ZodType<DevmuxReceiverConfig> = z
  .strictObject({
    /** The plan's clients connect to `ws://127.0.0.1:9876`, path `/`. */
    path: z.string().startsWith("/").default("/"),
    /** A client says hello as soon as it is open; a socket that does not is no client of ours. */
    hello_timeout: duration("5s"),
    /** Tabs, apps and workers of one developer; each costs at most `hold_size` and a few kilobytes. */
    max_connections: z.int().positive().default(512),
    /** Clients whose last sequence is remembered after they left, so that what they send again is not taken twice. */
    max_clients: z.int().positive().default(10_000),
    /** `export` messages that a client may have unacknowledged: 16 of 64 records keep a loopback link busy. */
    window: z.int().positive().max(1_000).default(16),
    /** What is held for a client while the pipelines have no room; past it the socket is not read, and TCP slows it down. */
    hold_size: size("1MiB"),
    /** A peer that vanished without a word is found after two of these. */
    heartbeat_interval: duration("15s"),
  })
  .transform((config) => ({
    path: config.path,
    helloTimeoutMs: config.hello_timeout,
    maxConnections: config.max_connections,
    maxClients: config.max_clients,
    window: config.window,
    holdBytes: config.hold_size,
    heartbeatMs: config.heartbeat_interval,
  }));
