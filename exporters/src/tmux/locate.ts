// For the command line: where a stream is, and what to run to look at it.

import { placeOf, type StateDirectory } from "../spool/place.ts";
import { createTmux, socketArguments, socketNameOf, type TmuxOptions } from "./command.ts";
import { ensurePane } from "./ensure.ts";
import { homeOf, type Layout } from "./home.ts";
import { installCommand } from "./install.ts";
import { listPanes } from "./panes.ts";

export interface StreamLocation {
  readonly sessionName: string;
  readonly windowName: string;
  readonly spoolPath: string;
  /** The lines that the pane shows. */
  readonly viewPath: string;
}

/** Where a stream would be; nothing is looked up. */
export function locate(stream: string, state: StateDirectory, layout: Layout = "sessions"): StreamLocation {
  const place = placeOf(stream, state);
  const { sessionName, windowName } = homeOf(place, layout);
  return { sessionName, windowName, spoolPath: place.spoolPath, viewPath: place.viewPath };
}

export interface AttachOptions extends StateDirectory, TmuxOptions {
  readonly layout?: Layout;
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
 * Finds the stream's pane, or makes it where it is gone, and says how to get there: `switch-client` from inside the same
 * tmux server, `attach-session` from anywhere else. The spool must exist for there to be anything to see.
 */
export async function prepareAttach(stream: string, options: AttachOptions): Promise<Attach> {
  const socketName = socketNameOf(options.socketName, options.environment);
  const tmux = createTmux({ socketName, environment: options.environment });
  const ensured = await ensurePane(tmux, placeOf(stream, options), {
    layout: options.layout ?? "sessions",
    historyLimit: options.historyLimit ?? 10_000,
    initialLines: options.initialLines ?? 1_000,
  });
  if (!ensured.ok) {
    const remedy = ensured.cause === "missing" ? `; install it with: ${installCommand()}` : "";
    return { ok: false, cause: ensured.cause, message: ensured.message + remedy };
  }
  // With the window, which a session that several streams share has more of.
  const target = ["-t", `${ensured.pane.sessionId}:${ensured.pane.windowId}`];
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

/** Streams of this state directory that have a pane now. Empty where tmux is missing or has no server. */
export async function listAttached(streams: readonly string[], options: AttachOptions): Promise<readonly string[]> {
  const tmux = createTmux({
    socketName: socketNameOf(options.socketName, options.environment),
    environment: options.environment,
  });
  const { ours } = await listPanes(tmux);
  const marks = new Set(ours.map(({ mark }) => mark));
  return streams.filter((stream) => marks.has(placeOf(stream, options).mark));
}
