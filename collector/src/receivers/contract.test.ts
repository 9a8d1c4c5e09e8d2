// The contract of receivers, kept by each of ours over real sockets.

import { once } from "node:events";
import { encodeExportFrame, type Logs } from "@chriscode/devmux-telemetry-protocol";
import { describe, test } from "vitest";
import { WebSocket } from "ws";
import { type Send, testReceiver } from "../testing/index.ts";
import { devmuxReceiverFactory, otlpReceiverFactory, paneReceiverFactory } from "./index.ts";

/** As a client of the WebSocket protocol: hello, one `export`, and what is answered. */
const sendToDevmux: Send = async (authority, batch) => {
  const socket = new WebSocket(`ws://${authority}`);
  const replies: { type: string; payload: { rejected?: number; retryAfterMs?: number } }[] = [];
  let wake = () => {};
  socket.on("message", (data) => {
    replies.push(JSON.parse(String(data)));
    wake();
  });
  const reply = async () => {
    while (replies.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return replies.shift()!;
  };
  try {
    await once(socket, "open");
    const meta = { clientId: "contract", timestamp: 1 };
    const payload = { resource: { "service.name": "contract" }, platform: { kind: "node" } };
    socket.send(JSON.stringify({ protocol: "devmux-telemetry", version: 1, type: "hello", payload, meta }));
    await reply();
    socket.send(encodeExportFrame(1, (batch as Logs).encode()));
    const answer = await reply();
    if (answer.type === "error") return "later";
    return (answer.payload.rejected ?? 0) > 0 ? "refused" : "taken";
  } finally {
    socket.terminate();
  }
};

/** As an OTLP/HTTP exporter. */
const sendToOtlp: Send = async (authority, batch) => {
  const response = await fetch(`http://${authority}/v1/${batch.signal}`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf" },
    body: batch.encode() as Uint8Array<ArrayBuffer>,
  });
  await response.arrayBuffer();
  if (response.ok) return "taken";
  return [429, 502, 503, 504].includes(response.status) ? "later" : "refused";
};

const free = { endpoint: "127.0.0.1:0" };
const receivers = [
  ["devmux", testReceiver(devmuxReceiverFactory, {}, sendToDevmux)],
  ["otlp", testReceiver(otlpReceiverFactory, { protocols: { http: free, grpc: free } }, sendToOtlp)],
  // What a program prints is read from a file: nobody waits for an answer.
  ["pane", testReceiver(paneReceiverFactory, {})],
] as const;

describe.each(receivers)("%s", (_type, checks) => {
  test.each(checks)("$name", ({ run }) => run());
});
