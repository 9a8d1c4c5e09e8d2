// Node, and what has its `process`: Bun, Electron's main process; worker threads too.

import { basename } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";
import { seeError } from "../../capture/uncaught.ts";
import { unsettledOf } from "../../transport/unsettled.ts";
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
    capture: (see, guard) => captureProcess(guard, seeError(see)),
    async keepAwake(work) {
      const timer = setInterval(() => {}, 1_000);
      await work();
      clearInterval(timer);
    },
    watchLifecycle(client) {
      /** Records of a flush in vain, which the end of the process is not to try again. */
      let given = 0;
      const hasMore = (): boolean => client.sender.status.buffered > given;
      // What is pending gets its chance, once: the loop that has nothing left asks again and again.
      const idle = (): void => {
        client.handOver(false);
        if (hasMore())
          void client.flush().then(() => {
            given = client.sender.status.buffered;
          });
      };
      const exit = (): void => {
        client.handOver(false);
        if (hasMore()) client.handOver(true);
        const parts = client.sender.parts;
        const rest = hasMore() && parts ? unsettledOf(parts) : undefined;
        if (rest) sendBeforeExit(rest);
      };
      process.on("beforeExit", idle);
      process.on("exit", exit);
      return () => {
        process.off("beforeExit", idle);
        process.off("exit", exit);
      };
    },
  };
}
