// For the command line: where a stream is, and what to run to look at it.

import { createTmux, socketArguments, socketNameOf, type TmuxOptions } from "./command.ts";
import { ensureSession } from "./ensure.ts";
import { installCommand } from "./install.ts";
import { placeOf, type StateDirectory } from "./place.ts";
import { listSessions } from "./session.ts";

export interface StreamLocation {
  readonly sessionName: string;
  readonly spoolPath: string;
}

/** Where a stream would be; nothing is looked up. */
export function locate(stream: string, state: StateDirectory): StreamLocation {
  const { sessionName, spoolPath } = placeOf(stream, state);
  return { sessionName, spoolPath };
}

export interface AttachOptions extends StateDirectory, TmuxOptions {
  readonly historyLimit?: number;
  readonly initialLines?: number;
}

/** What to run: `tmux` with these arguments and this environment. */
export type Attach =
  | {
      readonly ok: true;
      readonly command: "tmux";
      readonly args: readonly string[];
      readonly environment: NodeJS.ProcessEnv;
    }
  | { readonly ok: false; readonly cause: "missing" | "timeout" | "failed"; readonly message: string };

/**
 * Finds the stream's session, or makes it where it is gone, and says how to get there: `switch-client` from inside the same
 * tmux server, `attach-session` from anywhere else. The spool must exist for there to be anything to see.
 */
export async function prepareAttach(stream: string, options: AttachOptions): Promise<Attach> {
  const socketName = socketNameOf(options.socketName, options.environment);
  const tmux = createTmux({ socketName, environment: options.environment });
  const view = { historyLimit: options.historyLimit ?? 10_000, initialLines: options.initialLines ?? 1_000 };
  const ensured = await ensureSession(tmux, placeOf(stream, options), view);
  if (!ensured.ok) {
    const remedy = ensured.cause === "missing" ? `; install it with: ${installCommand()}` : "";
    return { ok: false, cause: ensured.cause, message: ensured.message + remedy };
  }
  const target = ["-t", ensured.session.sessionId];
  const server = await tmux.run(["display-message", "-p", "#{socket_path}"]);
  const inside = server.ok && options.environment.TMUX?.split(",")[0] === server.output.trim();
  if (inside)
    return { ok: true, command: "tmux", args: ["switch-client", ...target], environment: options.environment };
  // tmux refuses to attach inside another server's pane for as long as TMUX is set.
  const { TMUX: _server, TMUX_PANE: _pane, ...environment } = options.environment;
  return {
    ok: true,
    command: "tmux",
    args: [...socketArguments(socketName), "attach-session", ...target],
    environment,
  };
}

/** Streams of this state directory that have a session now. Empty where tmux is missing or has no server. */
export async function listAttached(streams: readonly string[], options: AttachOptions): Promise<readonly string[]> {
  const tmux = createTmux({
    socketName: socketNameOf(options.socketName, options.environment),
    environment: options.environment,
  });
  const { ours } = await listSessions(tmux);
  const marks = new Set(ours.map(({ mark }) => mark));
  return streams.filter((stream) => marks.has(placeOf(stream, options).mark));
}
