// Sends recorded requests to an OTLP/HTTP endpoint: one after the other, in the tempo of the recording or as fast as it goes. What is
// turned back for now is sent again after the wait that the server asks for.

import { setTimeout as sleep } from "node:timers/promises";
import { post } from "./post.ts";
import { type RecordedRequest, readRequests, type UnreadableLine } from "./requests.ts";

export interface ReplayOptions {
  readonly path: string;
  /** Of the server, e.g. `http://127.0.0.1:9876`; `/v1/logs` and the like are added. */
  readonly endpoint: string;
  /** 1 is the recording's tempo, 2 is twice as fast; undefined: as fast as it goes. */
  readonly speed: number | undefined;
  readonly signal: AbortSignal;
  onProblem(problem: UnreadableLine): void;
}

export interface Replayed {
  readonly sent: number;
  /** For good: the server will never take them. */
  readonly refused: number;
  readonly unreadable: number;
  /** Why nothing more was sent, where the end of the file was not reached. */
  readonly stopped?: string;
}

/** A server that has no room says so for as long as it lasts; one that is gone is given this long to come back. */
const patienceMs = 30_000;
const unreachableRetryMs = 500;

export async function replay({ path, endpoint, speed, signal, onProblem }: ReplayOptions): Promise<Replayed> {
  const counts = { sent: 0, refused: 0, unreadable: 0 };
  const wait = createPace(speed, signal);
  for await (const request of readRequests(path)) {
    if ("problem" in request) {
      counts.unreadable++;
      onProblem(request);
      continue;
    }
    await wait(request.timeMs);
    const outcome = await deliver(request, endpoint, signal);
    if (outcome.kind === "stopped") return { ...counts, stopped: outcome.reason };
    if (outcome.kind === "sent") counts.sent++;
    else {
      counts.refused++;
      onProblem({ line: request.line, problem: outcome.reason });
    }
  }
  return counts;
}

type Outcome = { readonly kind: "sent" } | { readonly kind: "refused" | "stopped"; readonly reason: string };

async function deliver(
  { signal: kind, json }: RecordedRequest,
  endpoint: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const url = `${endpoint.replace(/\/+$/, "")}/v1/${kind}`;
  for (let until = Date.now() + patienceMs; ; ) {
    if (signal.aborted) return { kind: "stopped", reason: "told to stop" };
    const answer = await post(url, json, signal);
    if (answer.kind === "answered" && answer.status === 200) return { kind: "sent" };
    if (answer.kind === "answered" && answer.status === 404)
      return {
        kind: "stopped",
        reason: `${url} takes no ${kind}: has the collector a pipeline for them, with an otlp receiver?`,
      };
    if (answer.kind === "answered" && ![429, 502, 503, 504].includes(answer.status))
      return { kind: "refused", reason: `answered ${answer.status}: ${answer.message}` };
    if (answer.kind === "answered") until = Date.now() + patienceMs;
    else if (Date.now() > until) return { kind: "stopped", reason: `${url} cannot be reached: ${answer.reason}` };
    const waitMs = answer.kind === "answered" ? answer.retryAfterMs : unreachableRetryMs;
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Waits until the time of a request has come, counted from the first one. */
function createPace(speed: number | undefined, signal: AbortSignal): (timeMs: number | undefined) => Promise<void> {
  let first: { readonly recordedMs: number; readonly startedMs: number } | undefined;
  return async (recordedMs) => {
    if (speed === undefined || recordedMs === undefined) return;
    first ??= { recordedMs, startedMs: performance.now() };
    const due = first.startedMs + (recordedMs - first.recordedMs) / speed;
    const waitMs = due - performance.now();
    // Timers take no more than 2^31 ms.
    if (waitMs > 0) await sleep(Math.min(waitMs, 2 ** 31 - 1), undefined, { signal }).catch(() => undefined);
  };
}
