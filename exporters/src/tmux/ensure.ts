// One session for one stream, whatever is there already: found, revived or made.

import type { Tmux, TmuxAnswer } from "./command.ts";
import type { StreamPlace } from "./place.ts";
import { createSession, listSessions, reviveSession, type SessionOptions, type StreamSession } from "./session.ts";

export type Ensured = { readonly ok: true; readonly session: StreamSession } | (TmuxAnswer & { readonly ok: false });

/** Another process may make the same session at the same moment, or start the server: then one of us looks again. */
const attempts = 4;

/** Safe to call from several processes at once: they end up with one session. */
export async function ensureSession(
  tmux: Tmux,
  place: StreamPlace,
  options: SessionOptions,
  signal?: AbortSignal,
): Promise<Ensured> {
  // The second name is for when a session of the user's has the first.
  const names = [place.sessionName, `${place.sessionName}-2`];
  let failure: TmuxAnswer & { ok: false } = {
    ok: false,
    cause: "failed",
    message: "both names of its session are taken",
  };
  for (let attempt = 0; attempt < attempts; attempt++) {
    const listed = await listSessions(tmux, signal);
    if (!listed.ok && listed.cause !== "failed") return failed(listed);
    const session = listed.ours.find(({ mark }) => mark === place.mark);
    if (session !== undefined) return revive(tmux, place, session, options, signal);
    const name = names.find((free) => !listed.names.has(free));
    if (name === undefined) break;
    const created = await createSession(tmux, place, name, options, signal);
    if (!created.ok) failure = created;
    if (!created.ok && created.cause !== "failed") break;
  }
  return failure;
}

async function revive(
  tmux: Tmux,
  place: StreamPlace,
  session: StreamSession,
  options: SessionOptions,
  signal: AbortSignal | undefined,
): Promise<Ensured> {
  if (!session.dead) return { ok: true, session };
  const revived = await reviveSession(tmux, place, session, options, signal);
  return revived.ok ? { ok: true, session: { ...session, dead: false } } : revived;
}

function failed({ cause, message }: TmuxAnswer & { ok: false }): TmuxAnswer & { ok: false } {
  return { ok: false, cause, message };
}
