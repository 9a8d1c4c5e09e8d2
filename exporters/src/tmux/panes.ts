// The pane that shows one stream: how it is found, made and revived. Only panes and sessions that carry our marks are ours; what
// the user makes, in our sessions too, is never touched.

import type { StreamPlace } from "../spool/place.ts";
import type { Tmux, TmuxAnswer } from "./command.ts";
import type { Home, Layout } from "./home.ts";

export interface StreamPane {
  /** Of its stream. */
  readonly mark: string;
  /** tmux's own `$3`, `@4`, `%5`: the only names that mean one thing and nothing else. */
  readonly sessionId: string;
  readonly windowId: string;
  readonly paneId: string;
  /** The pane's command has ended, e.g. because someone pressed Ctrl-C in it. */
  readonly dead: boolean;
}

export interface PaneOptions {
  readonly layout: Layout;
  /** Lines that the pane keeps, in tmux's memory at about 730 bytes each. */
  readonly historyLimit: number;
  /** Lines of the stream that a new pane begins with. */
  readonly initialLines: number;
}

/** They survive renaming, and a reader of `tmux show-options` sees what the pane and the session are. */
const paneOption = "@devmux_stream";
const sessionOption = "@devmux_home";

export interface PaneList {
  /** With our mark, the oldest of each stream first. */
  readonly ours: readonly StreamPane[];
  /** Sessions of ours, by their mark: `$3`. Those that are made later are added. */
  readonly homes: Map<string, string>;
  /** Of all sessions, the user's included. */
  readonly names: ReadonlySet<string>;
}

const format = ["session_id", "window_id", "pane_id", "pane_dead", paneOption, sessionOption, "session_name"]
  .map((name) => `#{${name}}`)
  .join(" ");
const line = /^(\$\d+) (@\d+) (%\d+) ([01]) ([0-9a-f]*) ([0-9a-f]*) (.*)$/;

/** Also `failed` where no server runs: the caller learns more by making a pane. */
export async function listPanes(tmux: Tmux, signal?: AbortSignal): Promise<TmuxAnswer & PaneList> {
  const answer = await tmux.run(["list-panes", "-a", "-F", format], signal);
  const ours: StreamPane[] = [];
  const homes = new Map<string, string>();
  const names = new Set<string>();
  for (const text of answer.ok ? answer.output.split("\n") : []) {
    const found = line.exec(text);
    if (found === null) continue;
    const [, sessionId = "", windowId = "", paneId = "", dead, mark = "", home = "", name = ""] = found;
    if (mark !== "") ours.push({ mark, sessionId, windowId, paneId, dead: dead === "1" });
    if (home !== "") homes.set(home, sessionId);
    names.add(name);
  }
  ours.sort((a, b) => numberOf(a.paneId) - numberOf(b.paneId));
  return { ...answer, ours, homes, names };
}

/** tmux counts up and gives no id twice. */
function numberOf(paneId: string): number {
  return Number(paneId.slice(1));
}

const newPaneFormat = "#{session_id} #{window_id} #{pane_id}";
const newPane = /^(\$\d+) (@\d+) (%\d+)$/m;

export type Made = { readonly ok: true; readonly pane: StreamPane } | (TmuxAnswer & { readonly ok: false });

/** A new pane in a new session of that name; fails where there is one already. */
export function createHome(
  tmux: Tmux,
  place: StreamPlace,
  home: Home,
  name: string,
  options: PaneOptions,
  signal?: AbortSignal,
): Promise<Made> {
  const session = `=${name}:`;
  // The history limit counts when a pane is made, so it is set before the pane that stays. 200 columns: what is wrapped
  // narrower is unwrapped when someone attaches.
  const made = [
    ["new-session", "-d", "-s", name, "-n", "log", "-x", "200", "-y", "50", "--", "sleep", "60"],
    ["set-option", "-t", session, sessionOption, home.mark],
    ["set-option", "-t", session, "destroy-unattached", "off"],
    ["set-option", "-t", session, "history-limit", String(options.historyLimit)],
  ];
  return make(tmux, place, [...made, ...newWindow(place, home, session, ["-k", "-t", `${session}^`], options)], signal);
}

/** A new pane in a session of ours. */
export function createWindow(
  tmux: Tmux,
  place: StreamPlace,
  home: Home,
  sessionId: string,
  options: PaneOptions,
  signal?: AbortSignal,
): Promise<Made> {
  const session = `${sessionId}:`;
  return make(tmux, place, newWindow(place, home, session, ["-t", session], options), signal);
}

/** In the background, so that nobody's window changes. Until it is marked it has a name that no other window has. */
function newWindow(
  place: StreamPlace,
  home: Home,
  session: string,
  where: readonly string[],
  options: PaneOptions,
): (readonly string[])[] {
  const name = `devmux-${place.mark}`;
  const target = ["-t", `${session}=${name}`];
  const command = tailCommand(place, options);
  return [
    ["new-window", "-d", "-P", "-F", newPaneFormat, ...where, "-n", name, "--", ...command],
    ["set-option", "-p", ...target, paneOption, place.mark],
    ["set-option", "-w", ...target, "remain-on-exit", "on"],
    ["set-option", "-w", ...target, "allow-rename", "off"],
    ["set-option", "-w", ...target, "automatic-rename", "off"],
    ["rename-window", ...target, home.windowName],
  ];
}

/** The server carries the commands out one after the other, with nothing between them. */
async function make(
  tmux: Tmux,
  { mark }: StreamPlace,
  commands: readonly (readonly string[])[],
  signal: AbortSignal | undefined,
): Promise<Made> {
  const answer = await tmux.run(
    commands.flatMap((command, index) => (index === 0 ? command : [";", ...command])),
    signal,
  );
  if (!answer.ok) return answer;
  const ids = newPane.exec(answer.output);
  if (ids === null) return { ok: false, cause: "failed", message: "tmux did not say which pane it made" };
  const [, sessionId = "", windowId = "", paneId = ""] = ids;
  return { ok: true, pane: { mark, sessionId, windowId, paneId, dead: false } };
}

export function revivePane(
  tmux: Tmux,
  place: StreamPlace,
  { paneId }: StreamPane,
  options: PaneOptions,
  signal?: AbortSignal,
): Promise<TmuxAnswer> {
  return tmux.run(["respawn-pane", "-k", "-t", paneId, "--", ...tailCommand(place, options)], signal);
}

export function killPane(tmux: Tmux, { paneId }: StreamPane, signal?: AbortSignal): Promise<TmuxAnswer> {
  return tmux.run(["kill-pane", "-t", paneId], signal);
}

/**
 * Arguments: lines to begin with, the view, the view before. The last lines of both, then what comes. What is typed into the
 * pane is not shown, nor what tail says about rotation.
 */
const tailScript = [
  "stty -echo 2>/dev/null",
  'if [ -f "$3" ]; then',
  '  have=$(($({ wc -l <"$2"; } 2>/dev/null) + 0))',
  '  [ "$have" -ge "$1" ] || tail -q -n "$(($1 - have))" "$3" 2>/dev/null',
  "fi",
  'exec tail -q -n "$1" -F "$2" 2>/dev/null',
].join("\n");

/** tmux runs several arguments without a shell, so a path is never read as code; to the shell here it is an argument. */
function tailCommand({ viewPath, olderViewPath }: StreamPlace, { initialLines }: PaneOptions): string[] {
  return ["sh", "-c", tailScript, "devmux", String(initialLines), viewPath, olderViewPath];
}
