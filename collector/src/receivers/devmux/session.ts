// What a connection shares with the receiver, and what it has once its client has said hello.

import {
  type AnyMap,
  defaultLimits,
  type LogsBuilder,
  type MessageLimits,
  type StreamIdentity,
} from "@chriscode/devmux-telemetry-protocol";
import type { Host } from "../../component/index.ts";
import type { Client, Clients } from "./clients.ts";
import type { DevmuxReceiverConfig } from "./config.ts";

export const messageLimits: MessageLimits = defaultLimits;

/** What all connections of one receiver share. */
export interface Shared {
  readonly config: DevmuxReceiverConfig;
  readonly clients: Clients;
  /** The instrumentation scope of `log` messages. */
  readonly scope: { readonly name: string; readonly version: string };
  openStream(stream: StreamIdentity): () => void;
  readonly admits: Host["admits"];
}

export interface Session {
  readonly id: string;
  readonly client: Client;
  /** Added to everything that the client sends. */
  readonly resource: AnyMap;
  /** Collects `log` messages until the next step of the intake. */
  readonly builder: LogsBuilder;
  closeStream(): void;
  progress(): void;
}
