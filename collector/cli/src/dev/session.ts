// The tmux session of a project: found by its mark, made where it is missing, one pane of ours for each service.
//
// A pane is ours where it carries our option and its session carries the project's mark. Nothing else is ever signalled,
// written to, renamed or closed. Names from outside reach tmux only as arguments that it does not expand.

import type { Tmux, TmuxAnswer } from "@chriscode/devmux-telemetry-exporters/tmux";
import { CliError } from "../errors.ts";
import type { Project } from "./project.ts";

export interface Pane {
  /** The service's name, or `telemetry`, `logs`. */
  readonly name: string;
  readonly sessionId: string;
  readonly windowId: string;
  readonly paneId: string;
  /** Of the window, as tmux counts. */
  readonly windowIndex: string;
  readonly pid: number;
  /** Its command has ended. */
  readonly dead: boolean;
  /** Of a command that has ended; undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  /** Its output is copied into a pipe. */
  readonly piped: boolean;
}

export interface Session {
  readonly sessionId: string;
  readonly panes: readonly Pane[];
}

export interface Located {
  /** The project's session; undefined where there is none. */
  readonly session: Session | undefined;
  /** Every pane of this tmux server, the user's included: its first process and its session's name. */
  readonly all: readonly { readonly pid: number; readonly sessionName: string; readonly paneId: string }[];
  readonly names: ReadonlySet<string>;
}

const sessionOption = "@devmux_dev";
const paneOption = "@devmux_service";
const format = [
  "#{session_id}",
  "#{window_id}",
  "#{pane_id}",
  "#{window_index}",
  "#{pane_pid}",
  "#{pane_dead}",
  "#{pane_dead_status}",
  "#{pane_pipe}",
  `#{${sessionOption}}`,
  `#{${paneOption}}`,
  "#{session_name}",
].join("|");
const line = /^(\$\d+)\|(@\d+)\|(%\d+)\|(\d+)\|(\d+)\|([01])\|(\d*)\|([01])\|([0-9a-f]*)\|([a-z0-9_-]*)\|(.*)$/;

/** Throws CliError where tmux is missing or does not answer; a server that does not run has no sessions. */
export async function locateSession(tmux: Tmux, { mark }: Pick<Project, "mark">): Promise<Located> {
  const answer = await tmux.run(["list-panes", "-a", "-F", format]);
  if (!answer.ok && answer.cause !== "failed") throw tmuxError(answer);
  const panes = answer.ok ? answer.output.split("\n").flatMap((text) => parse(text)) : [];
  const ours = panes.filter((pane) => pane.mark === mark);
  return {
    session: ours[0] && {
      sessionId: ours[0].pane.sessionId,
      panes: ours.map(({ pane }) => pane).filter(({ name }) => name !== ""),
    },
    all: panes.map(({ pane, sessionName }) => ({ pid: pane.pid, sessionName, paneId: pane.paneId })),
    names: new Set(panes.map(({ sessionName }) => sessionName)),
  };
}

function parse(text: string): { pane: Pane; mark: string; sessionName: string }[] {
  const found = line.exec(text);
  if (found === null) return [];
  const [
    ,
    sessionId = "",
    windowId = "",
    paneId = "",
    windowIndex = "",
    pid,
    dead,
    status,
    piped,
    mark = "",
    name = "",
    sessionName = "",
  ] = found;
  const exitCode = dead === "1" && status !== "" ? Number(status) : undefined;
  const pane = {
    name,
    sessionId,
    windowId,
    paneId,
    windowIndex,
    pid: Number(pid),
    dead: dead === "1",
    exitCode,
    piped: piped === "1",
  };
  return [{ pane, mark, sessionName }];
}

/** tmux keeps them in memory at about 730 bytes each. */
const historyLimit = "10000";
/** Two processes may make it at the same moment, or a session of the user's may have the name. */
const attempts = 4;
const holdSeconds = "60";

export interface OpenSession {
  readonly sessionId: string;
  /** The pane of a new session's first window, in which nothing runs yet. */
  readonly held?: string | undefined;
}

/** The project's session, made where there is none. */
export async function ensureSession(tmux: Tmux, project: Project): Promise<OpenSession> {
  let failure = "both names of its session are taken";
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { session, names } = await locateSession(tmux, project);
    if (session !== undefined) return { sessionId: session.sessionId };
    const name = [project.sessionName, `${project.sessionName}-2`].find((free) => !names.has(free));
    if (name === undefined) break;
    const made = await sequence(tmux, [
      [
        "new-session",
        "-d",
        "-P",
        "-F",
        "#{session_id} #{pane_id}",
        "-s",
        name,
        "-n",
        "devmux",
        "-x",
        "200",
        "-y",
        "50",
        "--",
        "sleep",
        holdSeconds,
      ],
      ["set-option", "-t", `=${name}:`, sessionOption, project.mark],
      ["set-option", "-t", `=${name}:`, "history-limit", historyLimit],
    ]);
    const ids = made.ok ? /^(\$\d+) (%\d+)/.exec(made.output) : null;
    if (ids !== null) return { sessionId: ids[1]!, held: ids[2]! };
    if (!made.ok) failure = made.message;
  }
  throw new CliError("DEVMUX_TMUX", `tmux made no session ${project.sessionName}: ${failure}`);
}

export interface PaneCommand {
  readonly name: string;
  /** Run without a shell of tmux's. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The command of a pipe-pane that copies the output; it must hold nothing from outside. */
  readonly pipe: string | undefined;
}

/**
 * Runs a command in the pane of that name: in the one that is there, with what it shows, or in a window of its own, which a
 * new session has already (`held`).
 */
export async function runInPane(
  tmux: Tmux,
  { sessionId, held }: OpenSession,
  existing: Pane | undefined,
  command: PaneCommand,
): Promise<string> {
  const paneId = existing?.paneId ?? held ?? (await openWindow(tmux, sessionId, command.name));
  const target = ["-t", paneId];
  const env = Object.entries(command.env).flatMap(([name, value]) => ["-e", argument(`${name}=${value}`)]);
  const steps: (readonly string[])[] = [
    ...(paneId === held ? [["rename-window", ...target, command.name]] : []),
    ["set-option", "-p", ...target, paneOption, command.name],
    ["set-option", "-w", ...target, "remain-on-exit", "on"],
    ["set-option", "-w", ...target, "allow-rename", "off"],
    ["set-option", "-w", ...target, "automatic-rename", "off"],
  ];
  // The pipe is there before the first byte is printed, and outlives the commands of its pane.
  if (command.pipe !== undefined && existing?.piped !== true) steps.push(["pipe-pane", ...target, command.pipe]);
  steps.push(["respawn-pane", "-k", ...target, ...env, "--", ...command.argv.map(argument)]);
  const ran = await sequence(tmux, steps);
  if (!ran.ok) throw tmuxError(ran);
  return paneId;
}

async function openWindow(tmux: Tmux, sessionId: string, name: string): Promise<string> {
  const made = await tmux.run([
    "new-window",
    "-d",
    "-P",
    "-F",
    "#{pane_id}",
    "-t",
    `${sessionId}:`,
    "-n",
    name,
    "--",
    "sleep",
    holdSeconds,
  ]);
  if (!made.ok) throw tmuxError(made);
  return made.output.trim();
}

/** One that is gone already is no failure. */
export async function closePane(tmux: Tmux, paneId: string): Promise<void> {
  const closed = await tmux.run(["kill-pane", "-t", paneId]);
  if (!closed.ok && closed.cause !== "failed") throw tmuxError(closed);
}

/** Commands that the server carries out one after the other, with nothing between them. */
function sequence(tmux: Tmux, commands: readonly (readonly string[])[]): Promise<TmuxAnswer> {
  return tmux.run(commands.flatMap((command, index) => (index === 0 ? command : [";", ...command])));
}

/** tmux takes a `;` at the end of an argument for the end of a command (tmux(1), "Parsing syntax"). */
function argument(text: string): string {
  return text.endsWith(";") ? `${text.slice(0, -1)}\\;` : text;
}

export function tmuxError({ cause, message }: Extract<TmuxAnswer, { ok: false }>): CliError {
  return new CliError("DEVMUX_TMUX", message, cause === "timeout" ? ["look at its server: tmux list-sessions"] : []);
}
