// What the client needs to know of where it runs. Only this folder asks.

import type { Platform as PlatformPayload } from "@chriscode/devmux-telemetry-protocol";
import type { ConsoleTarget } from "../capture/console.ts";
import type { Guard } from "../capture/guard.ts";
import type { UncaughtError } from "../capture/uncaught.ts";

export interface Platform {
  /** As the hello tells it, at this moment. */
  describe(): PlatformPayload;
  /** The name of an app that gives itself none; "" where nothing tells. */
  readonly serviceName: string;
  /** Undefined where there is none. */
  readonly console: ConsoleTarget | undefined;
  /** Uncaught errors and unhandled rejections; the function it returns ends it. */
  captureErrors(guard: Guard, take: (error: UncaughtError) => void): () => void;
  /** Tells when the app comes and goes; the function it returns ends it. */
  watchLifecycle(events: Lifecycle): () => void;
}

export interface Lifecycle {
  /** The user is back, or the network: a good moment to connect. */
  onReturn(): void;
  /** The app may be stopped soon: what waits should leave. */
  onHide(): void;
  /** The app ends, or is frozen: `reason` for the goodbye. */
  onLeave(reason: string): void;
}
