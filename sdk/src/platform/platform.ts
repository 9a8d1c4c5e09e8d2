// What the client needs to know of where it runs. Only this folder asks.

import type { Platform as PlatformPayload } from "@chriscode/devmux-telemetry-protocol";
import type { ConsoleTarget } from "../capture/console.ts";
import type { See } from "../capture/fact.ts";
import type { Guard } from "../capture/guard.ts";
import type { Sender } from "../transport/sender.ts";

export interface Platform {
  /** As the hello tells it, at this moment. */
  describe(): PlatformPayload;
  /** The name of an app that gives itself none; "" where nothing tells. */
  readonly serviceName: string;
  /** More attributes of the resource. */
  readonly resource?: { readonly [key: string]: string | number };
  /** Undefined where there is none. */
  readonly console: ConsoleTarget | undefined;
  /** Where the collector is from here. */
  serverUrl?(configured: string): string;
  /** What was rejected, where a console call is the platform's own report of a rejection. */
  rejectionIn?(args: readonly unknown[]): { readonly thrown: unknown } | undefined;
  /** Instead of the global one. */
  readonly WebSocket?: new (
    url: string,
  ) => WebSocket;
  /** Begins to look for uncaught errors and rejections; the function it returns ends it. `see` never throws. */
  capture(see: See, guard: Guard): () => void;
  /** Tells the client when the app comes and goes; the function it returns ends it. */
  watchLifecycle(client: LifecycleClient): () => void;
  /** Where a process ends when nothing is left to do: not before this work is done. */
  keepAwake?(work: () => Promise<void>): Promise<void>;
}

/** What a platform has the client do when the app comes and goes. */
export interface LifecycleClient {
  /** The user is back, or the network: a good moment to connect. */
  comeBack(): void;
  /** The app may be stopped soon: what waits should leave. Never rejects. */
  flush(): Promise<void>;
  /** The app goes away, and may come back where it is not its end: `reason` for the goodbye. */
  leave(reason: string, isEnd: boolean): void;
  /** The process ends: what was seen is handed to the sender, and so is the session's end, where that is said. */
  handOver(isEnd: boolean): void;
  readonly sender: Sender;
}
