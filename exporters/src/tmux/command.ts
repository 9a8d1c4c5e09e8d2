// Runs tmux: asynchronously, with a time limit, arguments as they are, no shell. Answers are values.

import { execFile } from "node:child_process";

export interface Tmux {
  run(args: readonly string[], signal?: AbortSignal): Promise<TmuxAnswer>;
}

/** `missing`: no such program. `timeout`: the server does not answer. `failed`: tmux said no, in `message`. */
export type TmuxAnswer =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly cause: "missing" | "timeout" | "failed"; readonly message: string };

export interface TmuxOptions {
  /** `tmux -L`; the user's own server where absent. */
  readonly socketName?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/** tmux answers in milliseconds; a stopped server never does. */
const timeoutMs = 5_000;
/** A list of a thousand panes is some 100 KB. */
const maxOutputBytes = 4 * 1024 * 1024;

/** The socket that DEVMUX_TMUX_SOCKET names, where the configuration names none. */
export function socketNameOf(configured: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  return configured ?? (environment.DEVMUX_TMUX_SOCKET || undefined);
}

export function socketArguments(socketName: string | undefined): string[] {
  return socketName === undefined ? [] : ["-L", socketName];
}

export function createTmux({ socketName, environment }: TmuxOptions): Tmux {
  // Started inside tmux, the collector would otherwise depend on which server that was.
  const { TMUX: _server, TMUX_PANE: _pane, ...env } = environment;
  return {
    run: (args, signal) =>
      new Promise((resolve) => {
        const options = {
          env,
          timeout: timeoutMs,
          killSignal: "SIGKILL",
          maxBuffer: maxOutputBytes,
          ...(signal && { signal }),
        } as const;
        execFile("tmux", [...socketArguments(socketName), ...args], options, (error, output, complaint) => {
          if (error === null) resolve({ ok: true, output });
          else if (error.code === "ENOENT") resolve({ ok: false, cause: "missing", message: "tmux is not installed" });
          else if (error.killed)
            resolve({ ok: false, cause: "timeout", message: `tmux did not answer within ${timeoutMs / 1000} s` });
          else resolve({ ok: false, cause: "failed", message: firstLine(complaint) || error.message });
        });
      }),
  };
}

/** tmux quotes what it was given, which is ours; all the same it goes into a log. */
function firstLine(text: string): string {
  return text
    .slice(0, 200)
    .split("\n")[0]!
    .replace(/[^\x20-\x7e]/g, "?");
}
