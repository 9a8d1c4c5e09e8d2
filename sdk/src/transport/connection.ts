// The WebSocket to the collector: hello, send within the window, acknowledge, and come back after every end.

import type { HelloPayload, Meta, ServerMessage } from "@chriscode/devmux-telemetry-protocol";
import { encodeExport, encodeMessage, readServerMessage } from "@chriscode/devmux-telemetry-protocol";
import type { Backoff } from "./backoff.ts";
import type { Batch, Outbox } from "./outbox.ts";
import { requestOf } from "./outbox.ts";
import type { ExporterStatus } from "./status.ts";
import { after } from "./timers.ts";

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
  readonly url: string;
  /** Undefined where there is none to be had. */
  readonly WebSocket: (new (url: string) => WebSocket) | undefined;
  readonly hello: () => HelloPayload;
  readonly outbox: Outbox;
  readonly backoff: Backoff;
  /** Told what happens: state, stream, problem, and what the collector will not take. */
  readonly status: ExporterStatus;
  /** After every change of the state or of what is acknowledged. */
  readonly onProgress: () => void;
}

/** A device that cannot reach the collector's network answers nothing at all. */
const connectTimeoutMs = 10_000;
/** The collector answers within two seconds, if only to ask for patience; past this it is gone without a word. */
const silenceTimeoutMs = 15_000;
/** Whatever the collector asks for, ask it again after a minute. */
const longestPauseMs = 60_000;
/** Attempts that the user's return brings are no closer than this. */
const wakeGapMs = 1_000;
/** More under way than this gains nothing, and it is what a lost connection has to send again. */
const largestWindow = 32;

export function createConnection({ url, outbox, backoff, status, ...options }: ConnectionOptions): Connection {
  const { clientId } = status;
  let socket: WebSocket | undefined;
  let sessionId: string | undefined;
  let window = 0;
  // What we send before the collector has told its own.
  let maxMessageBytes = 1_048_576;
  let lastAttempt = 0;
  let isPaused = false;
  let cancelAttempt = noTimer;
  let cancelSilence = noTimer;
  let cancelPause = noTimer;

  const meta = (): Meta => ({ clientId, ...(sessionId && { sessionId }), timestamp: Date.now() });

  const hello = (): string => encodeMessage("hello", options.hello(), meta());
  const exportOf = (batch: Batch): string => encodeExport(batch.sequence, requestOf(batch), meta());

  /** Forgets the socket, whatever it still does, and goes on in another state. */
  const end = (next: ExporterStatus["state"], problem = status.problem): void => {
    cancelAttempt();
    cancelSilence();
    cancelPause();
    const gone = socket;
    socket = sessionId = undefined;
    isPaused = false;
    try {
      if (gone) {
        gone.onopen = gone.onmessage = gone.onclose = null;
        gone.close(1000);
      }
    } catch {
      // It never opened.
    }
    status.problem = problem;
    status.state = next;
    if (next === "waiting") cancelAttempt = after(backoff.next(), connect);
    options.onProgress();
  };
  const giveUp = (): void => end("waiting", `${url} does not answer`);

  const connect = (): void => {
    lastAttempt = Date.now();
    status.state = "connecting";
    let made: WebSocket;
    try {
      if (!options.WebSocket) throw new Error("there is no WebSocket here");
      made = socket = new options.WebSocket(url);
    } catch (error) {
      // A bad address, a policy of the page, an insecure socket on a secure page: it will not get better.
      return end("stopped", `${url}: ${(error as Error).message}`);
    }
    made.onopen = () => {
      status.state = "greeting";
      send(hello());
    };
    made.onmessage = ({ data }) => receive(readServerMessage(data));
    // What an error was is in the close that follows.
    made.onclose = ({ code, reason }) => {
      // Refused token, refused origin, replaced (PROTOCOL.md, "Close codes"): the same client need not come back.
      const isFinal = /^44(01|03|09)$/.test(`${code}`);
      end(isFinal ? "stopped" : "waiting", `no connection to ${url}: ${code} ${reason}`.trimEnd());
    };
    cancelAttempt = after(connectTimeoutMs, giveUp);
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
    cancelSilence();
    if (message.type === "hello-ack") welcome(message.payload);
    if (message.type === "error") refused(message.payload);
    if (message.type === "ack" && status.state === "open") {
      const { sequence, rejected, message: reason } = message.payload;
      backoff.succeeded();
      outbox.acknowledge(sequence);
      if (rejected) refuse(rejected, reason);
    }
    pump();
    options.onProgress();
  };

  const welcome = (payload: Extract<ServerMessage, { type: "hello-ack" }>["payload"]): void => {
    if (status.state !== "greeting") return;
    cancelAttempt();
    ({ sessionId } = payload);
    window = Math.min(Math.max(Number(payload.window) || 1, 1), largestWindow);
    maxMessageBytes = Number(payload.maxMessageBytes) || maxMessageBytes;
    outbox.acknowledge(payload.lastSequence);
    outbox.resendFrom(0);
    backoff.greeted();
    // Only a connection that lasts, or is acknowledged, ends the back-off.
    cancelAttempt = after(silenceTimeoutMs, backoff.succeeded);
    status.streamName = payload.streamName;
    status.problem = undefined;
    status.state = "open";
  };

  const refused = ({ sequence, retryAfterMs, error }: Extract<ServerMessage, { type: "error" }>["payload"]): void => {
    if (retryAfterMs === undefined) {
      status.problem = error;
      return refuse(sequence === undefined ? 0 : outbox.refuse(sequence), error);
    }
    if (sequence !== undefined) outbox.resendFrom(sequence);
    isPaused = true;
    cancelPause();
    cancelPause = after(Math.min(Number(retryAfterMs) || 0, longestPauseMs), () => {
      isPaused = false;
      pump();
    });
  };
  const refuse = (records: number, reason: string | undefined): void => {
    status.refused += records;
    status.refusedReason = reason;
  };

  const pump = (): void => {
    if (status.state !== "open" || isPaused) return;
    for (let batch = outbox.next(window); batch !== undefined; batch = outbox.next(window)) {
      // Where it was made for a collector that took more.
      if (batch.bytes > maxMessageBytes) refuse(outbox.refuse(batch.sequence), "too long");
      else {
        batch.sent = send(exportOf(batch));
        if (!batch.sent) break;
      }
    }
    cancelSilence();
    if (outbox.batches().length > 0) cancelSilence = after(silenceTimeoutMs, giveUp);
  };

  return {
    maxMessageBytes: () => maxMessageBytes,
    start(atOnce) {
      const mayHurry = atOnce && status.state === "waiting" && Date.now() - lastAttempt > wakeGapMs;
      if (status.state !== "idle" && !mayHurry) return;
      cancelAttempt();
      connect();
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

function noTimer(): void {}
