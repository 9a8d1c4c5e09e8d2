// What a connection waits for, and what it does when nothing comes: the next attempt, an answer, the end of a pause. A
// page has it from the scribe; until that is there, a connection that fails stays as it is.

import type { ErrorPayload, ServerMessage } from "@chriscode/devmux-telemetry-protocol";
import { createBackoff } from "./backoff.ts";
import type { Outbox } from "./outbox.ts";
import type { ExporterStatus } from "./status.ts";
import { createTimer } from "./timers.ts";

export interface Care {
  /** Nothing may be sent for now. */
  readonly isPaused: boolean;
  /** The state has changed. */
  attend(): void;
  /** The collector has said something. */
  heard(message: ServerMessage): void;
}

/** What it has of the connection. */
export interface Cared {
  readonly url: string;
  readonly status: ExporterStatus;
  readonly outbox: Outbox;
  connect(): void;
  /** Ends the connection; another attempt is to follow. */
  fail(problem: string): void;
  /** Sends what may be sent. */
  pump(): void;
}

/** A device that cannot reach the collector's network answers nothing at all. */
const connectTimeoutMs = 10_000;
/** The collector answers within two seconds, if only to ask for patience; past this it is gone without a word. */
const silenceTimeoutMs = 15_000;
/** Whatever the collector asks for, ask it again after a minute. */
const longestPauseMs = 60_000;

/** `random`: jitter of the back-off, from 0 to 1. */
export function createCare(
  { url, status, outbox, connect, fail, pump }: Cared,
  random: () => number = Math.random,
): Care {
  const backoff = createBackoff(random);
  let isPaused = false;
  /** The batch that was the oldest when it was looked last, if nothing was heard since. */
  let unanswered = 0;
  const timer = createTimer();
  const giveUp = (): void => fail(`${url} does not answer`);

  /** Looks from time to time whether the collector still answers. */
  const watch = (): void =>
    timer(silenceTimeoutMs, () => {
      const oldest = outbox.batches()[0]?.sequence ?? 0;
      if (oldest > 0 && oldest === unanswered) return giveUp();
      unanswered = oldest;
      // Only a connection that lasts, or is acknowledged, ends the back-off.
      backoff.succeeded();
      watch();
    });
  const refused = ({ sequence, retryAfterMs, error }: ErrorPayload): void => {
    if (retryAfterMs === undefined || status.state !== "open") {
      status.problem = error;
      status.refusedReason = error;
      outbox.settle("refused", sequence);
      return;
    }
    if (sequence !== undefined) outbox.resendFrom(sequence);
    isPaused = true;
    timer(Math.min(Number(retryAfterMs) || 0, longestPauseMs), () => {
      isPaused = false;
      watch();
      pump();
    });
  };

  return {
    get isPaused() {
      return isPaused;
    },
    attend() {
      isPaused = false;
      unanswered = 0;
      timer();
      const { state } = status;
      if (state === "waiting") timer(backoff.next(), connect);
      if (state === "connecting") timer(connectTimeoutMs, giveUp);
      if (state === "open") {
        backoff.greeted();
        watch();
      }
    },
    heard(message) {
      unanswered = 0;
      if (message.type === "error") refused(message.payload);
      if (message.type === "ack") backoff.succeeded();
    },
  };
}
