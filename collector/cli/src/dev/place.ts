// Where a service runs that answers: in its pane of ours, in tmux elsewhere, or outside of tmux.

import { findPortHolder } from "../daemon/port-holder.ts";
import { ancestry, listProcesses } from "./processes.ts";
import type { Located, Pane } from "./session.ts";

export type Place =
  | { readonly kind: "ours"; readonly pid: number }
  /** `session` where it is of this tmux server; undefined where it is of another one. */
  | { readonly kind: "tmux"; readonly pid: number; readonly session: string | undefined }
  | { readonly kind: "outside"; readonly pid: number; readonly command: string }
  /** Another user's process, or a container's host. */
  | { readonly kind: "unseen" }
  /** Its health names no port of this machine, so nobody can say where it is. */
  | { readonly kind: "elsewhere" };

/** `pane` is the service's own, where it has one. */
export function placeOf(port: number | undefined, pane: Pane | undefined, { all }: Pick<Located, "all">): Place {
  const holder = port === undefined ? undefined : findPortHolder(port);
  if (holder === undefined) {
    if (pane !== undefined && !pane.dead) return { kind: "ours", pid: pane.pid };
    return { kind: port === undefined ? "elsewhere" : "unseen" };
  }
  const processes = listProcesses();
  const line = ancestry(holder.pid, processes);
  const group = processes.get(holder.pid)?.group;
  const isIn = (pid: number) => group === pid || line.some((each) => each.pid === pid);
  if (pane !== undefined && !pane.dead && isIn(pane.pid)) return { kind: "ours", pid: holder.pid };
  const home = all.find(({ pid }) => isIn(pid));
  if (home !== undefined) return { kind: "tmux", pid: holder.pid, session: home.sessionName };
  const inTmux = line.some(({ name }) => name.startsWith("tmux"));
  return inTmux
    ? { kind: "tmux", pid: holder.pid, session: undefined }
    : { kind: "outside", pid: holder.pid, command: holder.command };
}

export function describePlace(place: Place): string {
  switch (place.kind) {
    case "ours":
      return `in this session (pid ${place.pid})`;
    case "tmux":
      return place.session === undefined
        ? `in another tmux server (pid ${place.pid})`
        : `in the tmux session ${place.session} (pid ${place.pid})`;
    case "outside":
      return `outside tmux: pid ${place.pid} (${place.command})`;
    case "unseen":
      return "in a process that this user may not see";
    case "elsewhere":
      return "not in this session";
  }
}
