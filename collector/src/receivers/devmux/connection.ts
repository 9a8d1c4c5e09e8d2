// One socket of a devmux client: hello first, then log and export until goodbye. What is malformed is answered and counted;
// the socket stays.

import { randomUUID } from "node:crypto";
import {
  type ClientMessage,
  closeCodes,
  encodeMessage,
  errorCodes,
  helloToResource,
  Logs,
  LogsBuilder,
  logPayloadToRecord,
  logsFromJson,
  parseClientMessage,
  parseExportFrame,
  type ServerMessage,
  streamOfResource,
} from "@chriscode/devmux-telemetry-protocol";
import type { RawData, WebSocket } from "ws";
import type { Settings } from "../../component/index.ts";
import type { Client } from "./clients.ts";
import type { Sender } from "./intake.ts";
import { messageLimits, type Session, type Shared } from "./session.ts";

/** A client that does not read its answers is cut off here; answers are a hundred bytes each (statement W2). */
const maxUnreadBytes = 1024 * 1024;

type Payload<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>["payload"];

export interface Connection {
  readonly open: boolean;
  /** Asks whether the peer is there; ends the socket where the last question had no answer. */
  heartbeat(): void;
  /** Reads no more; what comes after this is not taken. */
  pause(): void;
  /** Ends with a close frame, and for good where the peer does not answer it. */
  close(code: number, reason: string): void;
}

/** How long a peer has to answer a close frame. */
const closeAnswerMs = 500;

export function createConnection(
  socket: WebSocket,
  remoteAddress: string,
  shared: Shared,
  settings: Settings,
): Connection {
  let session: Session | undefined;
  let clientId = "collector";
  let alive = true;
  let ended = false;
  let leaving = false;

  const helloTimer = setTimeout(() => {
    close(closeCodes.helloTimeout, "expected hello");
  }, shared.config.helloTimeoutMs);

  function send<Type extends ServerMessage["type"]>(type: Type, payload: Payload<Type>): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > maxUnreadBytes) {
      settings.count("slow_clients_closed");
      socket.terminate();
      return;
    }
    const meta = { clientId, timestamp: Date.now(), ...(session ? { sessionId: session.id } : {}) };
    // The generic pair of type and payload is one member of the union; the compiler cannot see that.
    socket.send(encodeMessage(type, payload as never, meta));
  }

  function refuse(error: Payload<"error">): void {
    settings.count("malformed_messages");
    send("error", error);
  }

  const sender: Sender = {
    ack: (payload) => send("ack", payload),
    busy: (reason, retryAfterMs) => send("error", { code: errorCodes.busy, error: reason, retryAfterMs }),
  };

  /** Reading stops while too much waits for the pipelines, and goes on when a step got through. */
  function regulate(client: Client): void {
    const crowded = client.intake.heldBytes > shared.config.holdBytes;
    if (crowded && !socket.isPaused) socket.pause();
    else if (!crowded && socket.isPaused && !leaving) socket.resume();
  }

  async function hello(message: Extract<ClientMessage, { type: "hello" }>): Promise<void> {
    if (session) return refuse({ code: errorCodes.helloTwice, error: "hello: this connection has said hello already" });
    const { payload, meta } = message;
    if (!shared.admits({ remoteAddress, token: payload.token })) {
      send("error", {
        code: errorCodes.tokenRefused,
        error: "payload.token: expected the collector's telemetry.token",
      });
      return close(closeCodes.tokenRefused, "token refused");
    }
    clearTimeout(helloTimer);
    clientId = meta.clientId;
    const client = shared.clients.get(clientId);
    const attributes = helloToResource(payload);
    const stream = streamOfResource(attributes);
    const resource = {
      ...attributes,
      "devmux.stream.name": stream.name,
      "session.id": attributes["session.id"] ?? clientId,
    };
    const progress = () => regulate(client);
    client.sockets++;
    client.progressListeners.add(progress);
    session = {
      id: randomUUID(),
      client,
      resource,
      builder: new LogsBuilder(resource, shared.scope),
      closeStream: shared.openStream(stream),
      progress,
    };
    // What an older socket of this client has under way counts: the client must not send it again.
    await client.intake.settled();
    const { lastSequence } = client.intake;
    send("hello-ack", {
      sessionId: session.id,
      streamName: stream.name,
      lastSequence,
      window: shared.config.window,
      maxMessageBytes: messageLimits.maxTextLength,
    });
  }

  /** What came before it is taken, and acknowledged, first. */
  async function goodbye(): Promise<void> {
    leaving = true;
    await session?.client.intake.idle();
    end();
    close(closeCodes.normal, "goodbye");
  }

  function exported(sequence: number, read: () => { logs: Logs; rejected: number; message?: string }): void {
    const { client, resource } = session!;
    try {
      const { logs, rejected, message } = read();
      if (rejected > 0) settings.count("malformed_records", rejected);
      client.intake.export({ sequence, logs: logs.withResourceAttributes(resource), rejected, message }, sender);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      refuse({ code: errorCodes.badRequest, error: reason, sequence });
      client.intake.export({ sequence, logs: undefined, rejected: 0, message: reason }, sender);
    }
    regulate(client);
  }

  function dispatch(message: ClientMessage): void {
    if (message.type === "hello") return void hello(message);
    if (message.type === "goodbye") return void goodbye();
    if (!session) return refuse({ code: errorCodes.helloExpected, error: `${message.type}: expected hello first` });
    if (message.type === "export")
      return exported(message.payload.sequence, () => logsFromJson(message.payload.request));
    session.builder.add(logPayloadToRecord(message.payload));
    session.client.intake.log(session.builder, sender);
    if (session.builder.byteLength > shared.config.holdBytes) regulate(session.client);
  }

  function receive(data: RawData, isBinary: boolean): void {
    alive = true;
    // An unacknowledged `export` is sent again to the next collector; an unread `log` is gone, as on any closed socket.
    if (leaving) return settings.count("messages_after_close");
    if (!isBinary) {
      const parsed = parseClientMessage((data as Buffer).toString("utf8"), messageLimits);
      return parsed.ok ? dispatch(parsed.message) : refuse(parsed.error);
    }
    const parsed = parseExportFrame(data as Buffer, messageLimits.maxBinaryBytes);
    if (!parsed.ok) return refuse(parsed.error);
    if (!session) return refuse({ code: errorCodes.helloExpected, error: "binary frame: expected hello first" });
    exported(parsed.frame.sequence, () => Logs.readProtobuf(parsed.frame.request));
  }

  function end(): void {
    if (ended) return;
    ended = true;
    clearTimeout(helloTimer);
    if (!session) return;
    const { client, closeStream, progress } = session;
    client.sockets--;
    client.progressListeners.delete(progress);
    client.intake.forget(sender);
    closeStream();
  }

  function close(code: number, reason: string): void {
    leaving = true;
    // A paused socket would never read the peer's answer to the close.
    if (socket.isPaused) socket.resume();
    socket.close(code, reason);
    setTimeout(() => socket.terminate(), closeAnswerMs).unref();
  }

  socket.on("message", receive);
  socket.on("pong", () => {
    alive = true;
  });
  // ws reports protocol faults (too large, invalid UTF-8) here and closes with the right code by itself.
  socket.on("error", (error) => {
    settings.count("socket_errors");
    settings.log.debug("socket error", { error: error.message });
  });
  socket.on("close", end);

  return {
    get open() {
      return !ended;
    },
    heartbeat() {
      if (socket.isPaused) return;
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    },
    pause() {
      leaving = true;
      socket.pause();
    },
    close,
  };
}
