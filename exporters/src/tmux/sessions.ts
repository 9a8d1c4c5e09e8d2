// Keeps a pane for each stream that is written to, in the background: the spool is the delivery, the pane a view of it.
//
// One look at tmux at a time. A new stream is looked after at once; after that a look every few seconds while records come,
// and one after the last of them, finds a server that was killed or a pane that ended. Nothing runs while nothing comes.

import { setTimeout as sleep } from "node:timers/promises";
import type { StreamPlace } from "../spool/place.ts";
import type { Tmux } from "./command.ts";
import { ensurePane, type Failure } from "./ensure.ts";
import { installCommand } from "./install.ts";
import { listPanes, type PaneOptions } from "./panes.ts";

export interface Sessions {
  /** Looks at tmux before anything comes, so that a missing one is known from the start. Waits for a moment, not for a tmux that hangs. */
  firstLook(): Promise<void>;
  /** Records of this stream were written. Returns at once. */
  want(place: StreamPlace): void;
  /** Leaves the sessions in place, with what they show. What tmux is doing is waited for until `signal` aborts. */
  shutdown(signal: AbortSignal): Promise<void>;
}

export interface SessionsOptions extends PaneOptions {
  /** undefined: every stream that was written to has its session. Called on every change. */
  readonly onProblem: (problem: string | undefined) => void;
}

/** A killed server is noticed within this while records come, and its sessions are back within 5 s. */
const lookIntervalMs = 3_000;
/** tmux answers in some 5 ms; a collector that starts beside one that hangs is not held up. */
const firstLookMs = 250;
/** After a failure: soon, because a restart takes a moment; then rarely, because someone has to act. */
const firstRetryMs = 500;
const lastRetryMs = 30_000;

export function createSessions(tmux: Tmux, options: SessionsOptions): Sessions {
  const wanted = new Map<string, StreamPlace>();
  const present = new Set<string>();
  const abandoned = new AbortController();
  let stopped = false;
  let look: Promise<void> | undefined;
  let lookAt = 0;
  let failures = 0;
  /** The next look, where one is due: after a failure, or after records that came soon after the last look. */
  let next: NodeJS.Timeout | undefined;
  let again = false;
  /** Records were written while a look was under way: it may have been too early to see what has become of their panes. */
  let wantedSince = false;

  /** The answer that ended the look early, if one did. */
  async function lookAfterAll(): Promise<Failure | undefined> {
    const { signal } = abandoned;
    const listed = await listPanes(tmux, signal);
    if (!listed.ok && listed.cause !== "failed") return { ok: false, cause: listed.cause, message: listed.message };
    present.clear();
    for (const { mark, dead } of listed.ours) if (!dead) present.add(mark);
    for (const place of wanted.values()) {
      if (stopped) return undefined;
      if (present.has(place.mark)) continue;
      const ensured = await ensurePane(tmux, place, options, { signal, listed });
      if (!ensured.ok) return ensured;
      present.add(place.mark);
    }
    return undefined;
  }

  function start(): void {
    clearTimeout(next);
    next = undefined;
    again = false;
    wantedSince = false;
    lookAt = performance.now();
    look = lookAfterAll().then(finish);
  }

  function finish(answer: Failure | undefined): void {
    look = undefined;
    if (stopped) return;
    options.onProblem(answer && explain(answer));
    failures = answer === undefined ? 0 : failures + 1;
    if (answer !== undefined) {
      lookIn(Math.min(lastRetryMs, firstRetryMs * 2 ** (failures - 1)));
    } else if (again) start();
    else if (wantedSince) lookIn(lookIntervalMs);
  }

  function lookIn(delayMs: number): void {
    next = setTimeout(start, delayMs);
    next.unref();
  }

  return {
    async firstLook() {
      start();
      await Promise.race([look, sleep(firstLookMs, undefined, { ref: false })]);
    },
    want(place) {
      if (stopped) return;
      const isNew = !wanted.has(place.mark);
      if (isNew) wanted.set(place.mark, place);
      if (look !== undefined) {
        again ||= isNew;
        wantedSince = true;
      } else if (failures === 0 && isNew) start();
      else if (next === undefined) lookIn(Math.max(0, lookAt + lookIntervalMs - performance.now()));
    },
    async shutdown(signal) {
      stopped = true;
      clearTimeout(next);
      const abandon = () => abandoned.abort();
      if (signal.aborted) abandon();
      signal.addEventListener("abort", abandon);
      await look;
      signal.removeEventListener("abort", abandon);
    },
  };
}

function explain({ cause, message }: Failure): string {
  const goesOn = "the streams go on into their files";
  if (cause === "missing") return `tmux is not installed, ${goesOn}; to see them in tmux: ${installCommand()}`;
  if (cause === "timeout") return `tmux does not answer, ${goesOn}; look at its server (tmux list-sessions)`;
  return `tmux made no session (${message}), ${goesOn}`;
}
