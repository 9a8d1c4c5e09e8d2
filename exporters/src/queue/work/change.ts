// Changes the status of an event, one process at a time; readers and the collector are not held up.

import { type AppendFile, createAppendFile } from "../../files/append-file.ts";
import { type Decision, decide, type Wish } from "./decide.ts";
import type { EventState } from "./fold.ts";
import { withQueueLock } from "./mutex.ts";
import { patchLine } from "./patch.ts";
import { createQueueView, type QueueView } from "./view.ts";

export type Change =
  | { readonly kind: "changed"; readonly state: EventState }
  | Exclude<Decision, { kind: "patch" }>
  /** The queue could not be changed: `busy` where another process holds it, `unwritable` where its file cannot be written. */
  | { readonly kind: "failed"; readonly cause: "busy" | "unwritable"; readonly message: string };

export interface ChangeOptions {
  /** How long to wait for other processes that change the queue; they take milliseconds each. */
  readonly lockTimeoutMs?: number;
  /** Unix milliseconds; the clock unless given. */
  readonly now?: () => number;
}

export const defaultLockTimeoutMs = 10_000;
/** A program that does not know the lock can replace the file at the same moment. */
const attempts = 5;

/** Throws where the queue cannot be read. */
export async function changeStatus(path: string, wish: Wish, options: ChangeOptions = {}): Promise<Change> {
  const { lockTimeoutMs = defaultLockTimeoutMs, now = Date.now } = options;
  const view = createQueueView(path);
  const file = createAppendFile(path);
  try {
    // Most of the reading is done before anybody has to wait for it.
    await view.refresh();
    const early = decide(view.fold, wish, now());
    if (early.kind !== "patch") return early;
    const at = file.check();
    if (!at.ok) return { kind: "failed", cause: "unwritable", message: at.problem.message };
    const locked = await withQueueLock(path, { timeoutMs: lockTimeoutMs }, () => attempt(view, file, wish, now));
    if (locked.ok) return locked.value;
    const message = `another process has changed the queue for ${lockTimeoutMs / 1000} s; look for one that is stopped: ${path}.lock`;
    return { kind: "failed", cause: "busy", message };
  } finally {
    file.close();
    await view.close();
  }
}

async function attempt(view: QueueView, file: AppendFile, wish: Wish, now: () => number): Promise<Change> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    await view.refresh();
    const decision = decide(view.fold, wish, now());
    if (decision.kind !== "patch") return decision;
    const { patch } = decision;
    const at = file.check();
    const problem = at.ok ? file.append(Buffer.from(patchLine(patch))).problem : at.problem;
    if (problem !== undefined) return { kind: "failed", cause: "unwritable", message: problem.message };
    await view.refresh();
    const state = view.fold.get(patch.id);
    if (state !== undefined && state.rev >= patch.rev && state.at === patch.at && state.by === patch.by)
      return { kind: "changed", state };
  }
  const message = "another program replaces the queue's file all the time";
  return { kind: "failed", cause: "unwritable", message };
}
