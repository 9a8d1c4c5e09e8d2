// What the client needs to know of where it runs. Only this folder asks.

import type { Platform as PlatformPayload } from "@chriscode/devmux-telemetry-protocol";
import type { ConsoleTarget } from "../capture/console.ts";
import type { Guard } from "../capture/guard.ts";
import type { PageEvent } from "../capture/page.ts";
import type { TakeError } from "../capture/uncaught.ts";
import type { Unsettled } from "../transport/exporter.ts";

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
  /** Uncaught errors and unhandled rejections; the function it returns ends it. */
  captureErrors(guard: Guard, take: TakeError): () => void;
  /** Where the user goes, and what becomes of the page; the function it returns ends it. */
  captureNavigation?(guard: Guard, take: (event: PageEvent) => void): () => void;
  /** What is said once of a session that begins. */
  session?(): PageEvent["attributes"];
  /** Tells when the app comes and goes; the function it returns ends it. */
  watchLifecycle(events: Lifecycle): () => void;
  /** Where a process ends when nothing is left to do: it does not until the function that this returns is called. */
  keepAlive?(): () => void;
}

export interface Lifecycle {
  /** The user is back, or the network: a good moment to connect. */
  onReturn(): void;
  /** The app may be stopped soon: what waits should leave. */
  onHide(): void;
  /** The app goes away, and may come back where it is not its end: `reason` for the goodbye. */
  onLeave(reason: string, isEnd: boolean): void;
  /** Nothing is left to do but ours: the process ends when it is done. */
  onIdle(): void;
  /** The process ends now. What is left is handed to `send`, which returns when it is delivered or cannot be. */
  onExit(send: (unsettled: Unsettled) => void): void;
}
