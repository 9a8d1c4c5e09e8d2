// Node, and what has its `process`: Bun, Electron's main process; worker threads too.

import { basename } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";
import type { Platform } from "../platform.ts";
import { sendBeforeExit } from "./last-words.ts";
import { ProcessWebSocket } from "./socket.ts";
import { captureProcess } from "./uncaught.ts";

/** Undefined where this is none. */
export function nodePlatform(): Platform | undefined {
  if (typeof process === "undefined" || !process.versions?.node) return undefined;
  const { env, argv, platform, pid, version } = process;
  return {
    describe: () => ({ kind: "node", os: platform }),
    serviceName: env.OTEL_SERVICE_NAME || env.npm_package_name || basename(argv[1] ?? "").replace(/\.\w+$/, ""),
    resource: {
      "process.pid": pid,
      "process.runtime.name": "nodejs",
      "process.runtime.version": version.slice(1),
      ...(!isMainThread && { "thread.id": threadId }),
    },
    console: globalThis.console,
    WebSocket: ProcessWebSocket,
    captureErrors: captureProcess,
    keepAlive() {
      const timer = setInterval(() => {}, 1_000);
      return () => clearInterval(timer);
    },
    watchLifecycle({ onIdle, onExit }) {
      const idle = (): void => void onIdle();
      const exit = (): void => onExit(sendBeforeExit);
      process.on("beforeExit", idle);
      process.on("exit", exit);
      return () => {
        process.off("beforeExit", idle);
        process.off("exit", exit);
      };
    },
  };
}
