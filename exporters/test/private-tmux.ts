// A tmux server of a test's own, and a look at what its panes show.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { temporaryDirectory } from "./directory.ts";

export interface PrivateTmux {
  readonly socketName: string;
  /** HOME and the rest, for what a test starts. */
  readonly environment: NodeJS.ProcessEnv;
  run(...args: readonly string[]): string;
  /** `id name` of every session. */
  sessions(): string[];
  /** The text of the only pane of a session, with its history; `-e` keeps colors. */
  pane(session: string, ...options: readonly string[]): string;
  readonly pid: number;
}

/** `userConfig` is the user's ~/.tmux.conf. The server starts with its first session. */
export function privateTmux(userConfig = ""): PrivateTmux {
  const socketName = `devmux-test-${randomBytes(6).toString("hex")}`;
  const home = temporaryDirectory();
  writeFileSync(join(home, ".tmux.conf"), userConfig);
  const { TMUX: _server, TMUX_PANE: _pane, NO_COLOR: _noColor, ...rest } = process.env;
  const environment = { ...rest, HOME: home, DEVMUX_TMUX_SOCKET: socketName };
  const run = (...args: readonly string[]) =>
    execFileSync("tmux", ["-L", socketName, ...args], {
      encoding: "utf8",
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });

  onTestFinished(() => {
    let socket = join(process.env.TMUX_TMPDIR ?? "/tmp", `tmux-${process.getuid?.()}`, socketName);
    try {
      socket = run("display-message", "-p", "#{socket_path}").trim();
      run("kill-server");
    } catch {
      // It never started, or the test has ended it.
    }
    for (const left of [socket, `${socket}.lock`]) rmSync(left, { force: true });
  });

  return {
    socketName,
    environment,
    run,
    sessions() {
      try {
        return run("list-sessions", "-F", "#{session_id} #{session_name}").trim().split("\n").filter(Boolean);
      } catch {
        return [];
      }
    },
    pane: (session, ...options) => run("capture-pane", "-p", "-J", "-S", "-", ...options, "-t", session),
    get pid() {
      return Number(run("display-message", "-p", "#{pid}"));
    },
  };
}

/** Looks again until `look` throws no more, for as long as an answer may take on a busy machine. */
export function eventually<T>(look: () => T | Promise<T>, timeout = 10_000): Promise<T> {
  return vi.waitFor(look, { timeout, interval: 20 });
}
