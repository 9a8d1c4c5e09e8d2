// The WebSocket to the collector: hello, send within the window, acknowledge, and come back after every end.

import type { HelloPayload, Meta, ServerMessage } from "@chriscode/devmux-telemetry-protocol";
import { closeCodes, encodeExport, encodeMessage, parseServerMessage } from "@chriscode/devmux-telemetry-protocol";
import type { Backoff } from "./backoff.ts";
import type { Batch, Outbox } from "./outbox.ts";
import { requestOf } from "./outbox.ts";
import { after } from "./timers.ts";

/**
 * idle: not asked to connect yet, or asked to rest (the page is hidden for good) · connecting: the socket opens ·
 * greeting: hello is sent · open: records flow · waiting: the next attempt has its time · stopped: there will be none.
 */
export type ConnectionState = "idle" | "connecting" | "greeting" | "open" | "waiting" | "stopped";

export interface Connection {
  readonly state: ConnectionState;
  /** The stream that the collector gave, once it has. */
  readonly streamName: string | undefined;
  /** Why nothing arrives, where that is known. */
  readonly problem: string | undefined;
  /** Bytes that one message may have. */
  readonly maxMessageBytes: number;
  /** Connects, where it is idle. */
  start(): void;
  /** Sends what may be sent. */
  pump(): void;
  /** The user is back, or the network: tries at once, where it waits. */
  wake(): void;
  /** Says goodbye and closes; `start` connects again. */
  rest(reason: string): void;
  /** Says goodbye and closes, for good. */
  stop(reason: string): void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly clientId: string;
  /** Undefined where there is none to be had. */
  readonly WebSocket: (new (url: string) => WebSocket) | undefined;
  readonly hello: () => HelloPayload;
  readonly outbox: Outbox;
  readonly backoff: Backoff;
  /** Records that the collector will not take. */
  readonly onRefused: (records: number, reason: string) => void;
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
/** What we send before the collector has told its own. */
const defaultMaxMessageBytes = 1_048_576;
/** More under way than this gains nothing, and it is what a lost connection has to send again. */
const largestWindow = 32;

export function createConnection(options: ConnectionOptions): Connection {
  const { outbox, backoff, clientId } = options;
  let state: ConnectionState = "idle";
  let socket: WebSocket | undefined;
  let sessionId: string | undefined;
  let streamName: string | undefined;
  let problem: string | undefined;
  let window = 0;
  let maxMessageBytes = defaultMaxMessageBytes;
  let pausedUntil = 0;
  let lastAttempt = 0;
  let cancelTimer = (): void => {};
  let cancelSilence = (): void => {};
  let cancelPause = (): void => {};

  const meta = (): Meta => ({ clientId, ...(sessionId !== undefined && { sessionId }), timestamp: Date.now() });

  const become = (next: ConnectionState): void => {
    state = next;
    options.onProgress();
  };

  const connect = (): void => {
    if (options.WebSocket === undefined) return fail("there is no WebSocket here");
    lastAttempt = Date.now();
    try {
      socket = new options.WebSocket(options.url);
    } catch (error) {
      // A bad address, a policy of the page, an insecure socket on a secure page: it will not get better.
      return fail(`${options.url}: ${error instanceof Error ? error.message : "refused"}`);
    }
    const current = socket;
    const isCurrent = (): boolean => socket === current;
    current.onopen = () => {
      if (!isCurrent()) return;
      become("greeting");
      send(encodeMessage("hello", options.hello(), meta()));
    };
    current.onmessage = ({ data }: MessageEvent) => {
      if (isCurrent()) receive(data);
    };
    current.onclose = ({ code }: CloseEvent) => {
      if (isCurrent()) lost(code);
    };
    // What went wrong is in the close that follows; without a handler some platforms print the error.
    current.onerror = () => {};
    cancelTimer = after(connectTimeoutMs, () => drop("no answer"));
    become("connecting");
  };

  const fail = (reason: string): void => {
    problem = reason;
    release();
    become("stopped");
  };

  /** Forgets the socket, whatever it still does. */
  const release = (): void => {
    cancelTimer();
    cancelSilence();
    cancelPause();
    const gone = socket;
    socket = undefined;
    sessionId = undefined;
    if (gone === undefined) return;
    gone.onopen = gone.onmessage = gone.onclose = null;
    try {
      gone.close(closeCodes.normal);
    } catch {
      // It never opened.
    }
  };

  const lost = (code: number): void => {
    release();
    if (code === closeCodes.tokenRefused) return fail("the collector refused the token");
    if (code === closeCodes.originRefused) return fail("the collector does not allow this page's origin");
    if (code === closeCodes.replaced) return fail("another connection has taken this one's place");
    problem = code === 1006 ? `no collector at ${options.url}` : `the collector closed the connection (${code})`;
    cancelTimer = after(backoff.next(), connect);
    become("waiting");
  };

  const drop = (reason: string): void => {
    lost(0);
    problem = `${options.url}: ${reason}`;
  };

  const send = (text: string): boolean => {
    try {
      socket?.send(text);
      return true;
    } catch {
      // Its close event comes next.
      return false;
    }
  };

  const receive = (data: unknown): void => {
    const parsed = parseServerMessage(typeof data === "string" ? data : "");
    if (!parsed.ok) return;
    const { message } = parsed;
    cancelSilence();
    if (message.type === "hello-ack") welcome(message);
    else if (state === "open" && message.type === "ack") {
      const { sequence, rejected, message: reason } = message.payload;
      backoff.succeeded();
      outbox.acknowledge(sequence);
      if (rejected) options.onRefused(rejected, reason ?? "refused");
    } else if (message.type === "error") refused(message);
    pump();
    options.onProgress();
  };

  const welcome = ({ payload }: Extract<ServerMessage, { type: "hello-ack" }>): void => {
    if (state !== "greeting") return;
    cancelTimer();
    ({ sessionId, streamName } = payload);
    window = Math.min(Math.max(payload.window, 1), largestWindow);
    maxMessageBytes = payload.maxMessageBytes;
    problem = undefined;
    pausedUntil = 0;
    outbox.acknowledge(payload.lastSequence);
    outbox.resendFrom(0);
    backoff.greeted();
    // Only a connection that lasts, or is acknowledged, ends the back-off.
    cancelTimer = after(silenceTimeoutMs, () => backoff.succeeded());
    state = "open";
  };

  const refused = ({ payload }: Extract<ServerMessage, { type: "error" }>): void => {
    const { sequence, retryAfterMs, error } = payload;
    if (retryAfterMs !== undefined) {
      if (sequence !== undefined) outbox.resendFrom(sequence);
      const pauseMs = Math.min(retryAfterMs, longestPauseMs);
      pausedUntil = Date.now() + pauseMs;
      cancelPause();
      cancelPause = after(pauseMs, () => {
        pausedUntil = 0;
        pump();
      });
    } else if (sequence !== undefined) {
      const records = outbox.refuse(sequence);
      if (records > 0) options.onRefused(records, error);
    } else problem = error;
  };

  const pump = (): void => {
    if (state !== "open" || Date.now() < pausedUntil) return;
    for (let batch = outbox.next(window); batch !== undefined; batch = outbox.next(window)) {
      if (batch.bytes > maxMessageBytes) {
        // It was made for a collector that took more.
        options.onRefused(outbox.refuse(batch.sequence), "longer than the collector takes");
        continue;
      }
      if (!transmit(batch)) return;
    }
    cancelSilence();
    if (outbox.batches.some(({ sent }) => sent)) cancelSilence = after(silenceTimeoutMs, () => drop("no answer"));
  };

  const transmit = (batch: Batch): boolean => {
    batch.sent = send(encodeExport(batch.sequence, requestOf(batch), meta()));
    return batch.sent;
  };

  const leave = (reason: string, next: ConnectionState): void => {
    if (state === "open") send(encodeMessage("goodbye", { reason }, meta()));
    release();
    become(next);
  };

  return {
    get state() {
      return state;
    },
    get streamName() {
      return streamName;
    },
    get problem() {
      return problem;
    },
    get maxMessageBytes() {
      return maxMessageBytes;
    },
    start() {
      if (state === "idle") connect();
    },
    pump,
    wake() {
      if (state !== "waiting" || Date.now() - lastAttempt < wakeGapMs) return;
      cancelTimer();
      connect();
    },
    rest(reason) {
      if (state !== "stopped") leave(reason, "idle");
    },
    stop(reason) {
      if (state !== "stopped") leave(reason, "stopped");
    },
  };
}
