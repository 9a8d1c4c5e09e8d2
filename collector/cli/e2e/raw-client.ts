// A client as anyone could write it in twenty lines: a WebSocket and the plan's messages.

import { once } from "node:events";
import { type ClientOptions, WebSocket } from "ws";

export interface Reply {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface RawClient {
  readonly socket: WebSocket;
  send(type: string, payload: unknown): void;
  hello(resource: Readonly<Record<string, unknown>>, platform: Readonly<Record<string, unknown>>): Promise<Reply>;
  log(body: unknown, extra?: object): void;
  /** The next message of the collector. */
  reply(): Promise<Reply>;
  close(): Promise<void>;
}

export async function connectRaw(url: string, clientId: string, options: ClientOptions = {}): Promise<RawClient> {
  const socket = new WebSocket(url, options);
  const replies: Reply[] = [];
  const waiting: ((reply: Reply) => void)[] = [];
  socket.on("message", (data) => {
    const reply = JSON.parse(String(data)) as Reply;
    const next = waiting.shift();
    if (next) next(reply);
    else replies.push(reply);
  });
  await once(socket, "open");
  const reply = () =>
    new Promise<Reply>((resolve) => (replies.length > 0 ? resolve(replies.shift()!) : waiting.push(resolve)));
  const send = (type: string, payload: unknown) =>
    socket.send(
      JSON.stringify({
        protocol: "devmux-telemetry",
        version: 1,
        type,
        payload,
        meta: { clientId, timestamp: Date.now() },
      }),
    );
  return {
    socket,
    send,
    reply,
    hello(resource, platform) {
      send("hello", { resource, platform });
      return reply();
    },
    log: (body, extra = {}) =>
      send("log", { timestamp: Date.now(), severityNumber: 9, severityText: "log", body, ...extra }),
    async close() {
      const closed = once(socket, "close");
      send("goodbye", {});
      await closed;
    },
  };
}
