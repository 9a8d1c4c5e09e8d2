// One tmux session that shows one spool: how it is found, made and revived. Only sessions that carry our mark are ours; one
// of the user's that happens to have the name is never touched.

import type { Tmux, TmuxAnswer } from "./command.ts";
import type { StreamPlace } from "./place.ts";

export interface StreamSession {
  readonly mark: string;
  /** tmux's own `$3`: the only name that means one session and nothing else. */
  readonly sessionId: string;
  readonly paneId: string;
  /** The pane's command has ended, e.g. because someone pressed Ctrl-C in it. */
  readonly dead: boolean;
}

export interface SessionOptions {
  /** Lines that the pane keeps, in tmux's memory at about 730 bytes each. */
  readonly historyLimit: number;
  /** Lines of the spool that a new pane begins with. */
  readonly initialLines: number;
}

/** Survives renaming, and a reader of `tmux show-options` sees what the session is. */
const markOption = "@devmux_stream";

export interface SessionList {
  /** With our mark. */
  readonly ours: readonly StreamSession[];
  /** Of all sessions, the user's included. */
  readonly names: ReadonlySet<string>;
}

/** Also `failed` where no server runs: the caller learns more by creating a session. */
export async function listSessions(tmux: Tmux, signal?: AbortSignal): Promise<TmuxAnswer & SessionList> {
  const format = `#{session_id} #{pane_id} #{pane_dead} #{${markOption}} #{session_name}`;
  const answer = await tmux.run(["list-panes", "-a", "-F", format], signal);
  const panes = answer.ok ? answer.output.split("\n").flatMap(parse) : [];
  return { ...answer, ours: panes.filter(({ mark }) => mark !== ""), names: new Set(panes.map(({ name }) => name)) };
}

function parse(line: string): (StreamSession & { name: string })[] {
  const match = /^(\$\d+) (%\d+) ([01]) ([0-9a-f]*) (.*)$/.exec(line);
  if (match === null) return [];
  const [, sessionId = "", paneId = "", dead, mark = "", name = ""] = match;
  return [{ mark, sessionId, paneId, dead: dead === "1", name }];
}

/** Fails where a session of that name is there already. */
export function createSession(
  tmux: Tmux,
  place: StreamPlace,
  name: string,
  options: SessionOptions,
  signal?: AbortSignal,
): Promise<TmuxAnswer> {
  const session = `=${name}:`;
  // The history limit counts when a pane is made, so it is set before the pane that stays. 200 columns: what is wrapped
  // narrower is unwrapped when someone attaches.
  const args = [
    ["new-session", "-d", "-s", name, "-n", "log", "-x", "200", "-y", "50", "--", "sleep", "60"],
    ["set-option", "-t", session, markOption, place.mark],
    ["set-option", "-t", session, "history-limit", String(options.historyLimit)],
    ["new-window", "-k", "-t", `${session}^`, "-n", "log", "--", ...tailCommand(place, options)],
    ["set-option", "-w", "-t", session, "remain-on-exit", "on"],
    ["set-option", "-w", "-t", session, "allow-rename", "off"],
  ];
  return tmux.run(
    args.flatMap((command, index) => (index === 0 ? command : [";", ...command])),
    signal,
  );
}

export function reviveSession(
  tmux: Tmux,
  place: StreamPlace,
  session: StreamSession,
  options: SessionOptions,
  signal?: AbortSignal,
): Promise<TmuxAnswer> {
  return tmux.run(["respawn-pane", "-k", "-t", session.paneId, "--", ...tailCommand(place, options)], signal);
}

/**
 * tmux runs several arguments without a shell, so the path is never read as code. The shell here, with the path as an argument,
 * hides what tail says about rotation and what is typed into the pane.
 */
function tailCommand({ spoolPath }: StreamPlace, { initialLines }: SessionOptions): string[] {
  const script = 'stty -echo 2>/dev/null; exec tail -q -n "$1" -F "$2" 2>/dev/null';
  return ["sh", "-c", script, "devmux", String(initialLines), spoolPath];
}
