// One pane for one stream, whatever is there already: found, revived or made.

import type { StreamPlace } from "../spool/place.ts";
import type { Tmux, TmuxAnswer } from "./command.ts";
import { homeOf } from "./home.ts";
import {
  createHome,
  createWindow,
  killPane,
  listPanes,
  type PaneList,
  type PaneOptions,
  revivePane,
  type StreamPane,
} from "./panes.ts";

export type Failure = TmuxAnswer & { readonly ok: false };
export type Ensured = { readonly ok: true; readonly pane: StreamPane } | Failure;

/** Another process may make the same pane at the same moment, or start the server: then one of us looks again. */
const attempts = 4;

/** Safe to call from several processes at once: they end up with one pane. `listed` may be a moment old. */
export async function ensurePane(
  tmux: Tmux,
  place: StreamPlace,
  options: PaneOptions,
  { signal, listed: known }: { readonly signal?: AbortSignal; readonly listed?: TmuxAnswer & PaneList } = {},
): Promise<Ensured> {
  const home = homeOf(place, options.layout);
  // The second name is for when a session of the user's has the first.
  const names = [home.sessionName, `${home.sessionName}-2`];
  let failure: Failure = { ok: false, cause: "failed", message: "both names of its session are taken" };
  let own: string | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const listed = attempt === 0 && known !== undefined ? known : await listPanes(tmux, signal);
    if (!listed.ok && listed.cause !== "failed") return failed(listed);
    const [pane, ...twins] = listed.ours.filter(({ mark }) => mark === place.mark);
    if (pane !== undefined) {
      // Two made one at the same moment: the older stays, and each takes away only its own.
      const twin = twins.find(({ paneId }) => paneId === own);
      if (twin !== undefined) await killPane(tmux, twin, signal);
      return revive(tmux, place, pane, options, signal);
    }
    const sessionId = listed.homes.get(home.mark);
    if (sessionId !== undefined) {
      const made = await createWindow(tmux, place, home, sessionId, options, signal);
      // Another process may have made one too: the next round sees both.
      if (made.ok) own = made.pane.paneId;
      else failure = failed(made);
    } else {
      const name = names.find((free) => !listed.names.has(free));
      if (name === undefined) break;
      const made = await createHome(tmux, place, home, name, options, signal);
      if (made.ok) listed.homes.set(home.mark, made.pane.sessionId);
      if (made.ok) return made;
      failure = failed(made);
    }
    if (own === undefined && failure.cause !== "failed") break;
  }
  return failure;
}

async function revive(
  tmux: Tmux,
  place: StreamPlace,
  pane: StreamPane,
  options: PaneOptions,
  signal: AbortSignal | undefined,
): Promise<Ensured> {
  if (!pane.dead) return { ok: true, pane };
  const revived = await revivePane(tmux, place, pane, options, signal);
  return revived.ok ? { ok: true, pane: { ...pane, dead: false } } : revived;
}

function failed({ cause, message }: Failure): Failure {
  return { ok: false, cause, message };
}
