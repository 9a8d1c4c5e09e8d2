// The WebSocket to the collector: hello, send within the window, acknowledge, and come back after every end.

import type { HelloPayload, Meta, ServerMessage } from "@chriscode/devmux-telemetry-protocol";
import { encodeExport, encodeMessage, readServerMessage } from "@chriscode/devmux-telemetry-protocol";
import type { Care } from "./care.ts";
import type { Batch, Outbox } from "./outbox.ts";
import { requestOf } from "./outbox.ts";
import type { SenderOptions } from "./sender.ts";
import type { ExporterStatus } from "./status.ts";

export interface Connection {
  /** Bytes that one message may have. */
  maxMessageBytes(): number;
  /** Connects, where it is idle; `atOnce` also where it waits: the user is back, or the network. */
  start(atOnce?: boolean): void;
  /** Sends what may be sent. */
  pump(): void;
  /** The frames of this client, for whoever sends them in its place. */
  hello(): string;
  exportOf(batch: Batch): string;
  /** Says goodbye and closes: for good, or (`idle`) until `start`. */
  leave(next: "idle" | "stopped", reason: string): void;
}

export interface ConnectionOptions {
  readonly options: SenderOptions;
  readonly hello: () => HelloPayload;
  readonly outbox: Outbox;
  /** Told what happens: state, stream, problem, and what the collector will not take. */
  readonly status: ExporterStatus;
  /** After every change of the state or of what is acknowledged. */
  readonly onProgress: () => void;
}

/** Attempts that the user's return brings are no closer than this. */
const wakeGapMs = 1_000;
/** More under way than this gains nothing, and it is what a lost connection has to send again. */
const largestWindow = 32;

export function createConnection({
  options,
  hello: greeting,
  outbox,
  status,
  onProgress,
}: ConnectionOptions): Connection {
  const { serverUrl: url, WebSocket: Socket = globalThis.WebSocket } = options;
  let care: Care | undefined;
  let socket: WebSocket | undefined;
  let sessionId: string | undefined;
  let window = 0;
  // What we send before the collector has told its own.
  let maxMessageBytes = 1_048_576;
  let lastAttempt = 0;

  const meta = (): Meta => ({ clientId: status.clientId, ...(sessionId && { sessionId }), timestamp: Date.now() });
  const hello = (): string => encodeMessage("hello", greeting(), meta());
  const exportOf = (batch: Batch): string => encodeExport(batch.sequence, requestOf(batch), meta());

  const move = (state: ExporterStatus["state"]): void => {
    status.state = state;
    care?.attend();
    onProgress();
  };
  /** Forgets the socket, whatever it still does, and goes on in another state. */
  const end = (next: ExporterStatus["state"], problem = status.problem): void => {
    const gone = socket;
    socket = sessionId = undefined;
    try {
      if (gone) {
        gone.onopen = gone.onmessage = gone.onclose = null;
        gone.close(1000);
      }
    } catch {
      // It never opened.
    }
    status.problem = problem;
    move(next);
  };
  const connect = (): void => {
    lastAttempt = Date.now();
    move("connecting");
    try {
      if (!Socket) throw new Error("there is no WebSocket here");
      socket = new Socket(url);
    } catch (error) {
      // A bad address, a policy of the page, an insecure socket on a secure page: it will not get better.
      return end("stopped", `${url}: ${(error as Error).message}`);
    }
    socket.onopen = () => {
      status.state = "greeting";
      send(hello());
    };
    socket.onmessage = ({ data }) => receive(readServerMessage(data));
    // What an error was is in the close that follows.
    socket.onclose = ({ code, reason }) => {
      // Refused token, refused origin, replaced (PROTOCOL.md, "Close codes"): the same client need not come back.
      const isFinal = /^44(01|03|09)$/.test(`${code}`);
      end(isFinal ? "stopped" : "waiting", `no connection to ${url}: ${code} ${reason}`.trimEnd());
    };
  };

  /** False where the socket takes nothing any more: its close event comes next. */
  const send = (text: string): boolean => {
    try {
      socket?.send(text);
      return true;
    } catch {
      return false;
    }
  };

  const receive = (message: ServerMessage | undefined): void => {
    if (message === undefined) return;
    const { type, payload } = message;
    if (type === "hello-ack" && status.state === "greeting") {
      ({ sessionId } = payload);
      window = Math.min(Math.max(Number(payload.window) || 1, 1), largestWindow);
      maxMessageBytes = Number(payload.maxMessageBytes) || maxMessageBytes;
      outbox.settle("acknowledged", 0, payload.lastSequence);
      outbox.resendFrom(0);
      status.streamName = payload.streamName;
      status.problem = undefined;
      move("open");
    } else if (type === "ack" && status.state === "open") {
      outbox.settle("acknowledged", 0, payload.sequence);
      if (payload.rejected) {
        status.refused += payload.rejected;
        status.refusedReason = payload.message;
      }
    }
    care?.heard(message);
    pump();
    onProgress();
  };

  const pump = (): void => {
    if (status.state !== "open" || care?.isPaused) return;
    for (let batch = outbox.next(window); batch; batch = outbox.next(window)) {
      batch.sent = true;
      // Where it was made for a collector that took more.
      if (batch.bytes > maxMessageBytes) {
        outbox.settle("refused", batch.sequence);
        status.refusedReason = "too long";
      } else if (!send(exportOf(batch))) {
        batch.sent = false;
        break;
      }
    }
  };
  const fail = (problem: string): void => end("waiting", problem);

  return {
    maxMessageBytes: () => maxMessageBytes,
    start(atOnce) {
      const { state } = status;
      if (!care && options.care) {
        care = options.care({ url, status, outbox, connect, fail, pump }, options.random);
        care.attend();
      }
      if (state === "idle" || (atOnce && state === "waiting" && Date.now() - lastAttempt > wakeGapMs)) connect();
    },
    pump,
    hello,
    exportOf,
    leave(next, reason) {
      if (status.state === "open") send(encodeMessage("goodbye", { reason }, meta()));
      if (status.state !== "stopped") end(next);
    },
  };
}
