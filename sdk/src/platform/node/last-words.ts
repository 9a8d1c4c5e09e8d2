// What a process has not delivered when it exits or crashes. Nothing asynchronous runs any more then: a thread of its
// own sends it, and the process waits for that thread, briefly.

import { Worker } from "node:worker_threads";
import type { Unsettled } from "../../transport/unsettled.ts";

/** As a flush. The collector on the same machine answers within milliseconds; a machine that is busy takes longer to start a thread. */
const longestWaitMs = 2_000;

/** Returns when the collector has acknowledged everything, or cannot be reached, or after two seconds. Never throws. */
export function sendBeforeExit(unsettled: Unsettled): void {
  try {
    const done = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(`const __name = (f) => f; (${deliver})(require("node:worker_threads").workerData)`, {
      eval: true,
      workerData: { ...unsettled, done },
      // It must not run the app's own preloads, ours among them.
      execArgv: [],
      env: {},
    });
    worker.on("error", () => {});
    worker.unref();
    Atomics.wait(done, 0, 0, longestWaitMs);
  } catch {
    // No threads here, or no more of them: what is left is lost with the process.
  }
}

/**
 * Runs in the thread, as text: it may use nothing from around it. The same client comes back on a new connection, so that
 * the collector takes each sequence once (PROTOCOL.md, "Certain delivery").
 */
function deliver({ url, hello, messages, done }: Unsettled & { readonly done: Int32Array }): void {
  const finish = (): void => {
    Atomics.store(done, 0, 1);
    Atomics.notify(done, 0);
    process.exit();
  };
  try {
    const last = messages.at(-1)?.sequence ?? 0;
    const waiting = messages.slice();
    const socket = new WebSocket(url);
    const sendSome = (count: number): void => {
      for (const { text } of waiting.splice(0, count)) socket.send(text);
    };
    socket.onclose = finish;
    socket.onerror = finish;
    socket.onopen = () => socket.send(hello);
    socket.onmessage = ({ data }) => {
      const { type, payload } = JSON.parse(data);
      const settled = type === "hello-ack" ? payload.lastSequence : type === "ack" ? payload.sequence : 0;
      if (settled >= last || (type === "error" && payload.retryAfterMs !== undefined)) return finish();
      while (waiting[0] !== undefined && waiting[0].sequence <= settled) waiting.shift();
      sendSome(type === "hello-ack" ? payload.window : 1);
    };
  } catch {
    finish();
  }
}
