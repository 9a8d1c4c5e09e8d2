// `devmux dev attach [service]`: the session in this terminal, at a service's window.

import { spawn } from "node:child_process";
import { socketArguments } from "@chriscode/devmux-telemetry-exporters/tmux";
import { type Command, defineRunnable } from "../../command.ts";
import { type Environment, openEnvironment, paneOf } from "../../dev/environment.ts";
import { CliError, unknownService } from "../../errors.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { configOption, notRunning } from "./options.ts";

export const devAttachCommand: Command = defineRunnable({
  name: "attach",
  summary: "Show the session in this terminal (leave it with Ctrl-b d)",
  examples: ["devmux dev attach", "devmux dev attach api"],
  args: {
    service: { type: "positional", required: false, description: "a service, or telemetry, or logs" },
    config: configOption,
  },
  run: ({ service, config }, shell) => attachSession(openEnvironment({ config }, shell), service),
});

export async function attachSession(environment: Environment, name: string | undefined): Promise<ExitCode> {
  const { shell, tmux, socketName } = environment;
  const located = await environment.locate();
  const { session } = located;
  if (session === undefined) throw notRunning(environment);
  if (name !== undefined) {
    const pane = paneOf(located, name);
    if (pane === undefined)
      throw unknownService(
        name,
        session.panes.map((each) => each.name),
      );
    await tmux.run(["select-window", "-t", pane.windowId]);
  }
  const server = await tmux.run(["display-message", "-p", "#{socket_path}"]);
  const inside = server.ok && shell.env.TMUX?.split(",")[0] === server.output.trim();
  if (inside) {
    const switched = await tmux.run(["switch-client", "-t", session.sessionId]);
    if (switched.ok) return exitCodes.ok;
  }
  if (!(shell.stdinIsTerminal && shell.stdout.isTTY === true)) {
    throw new CliError("DEVMUX_NO_TERMINAL", "there is no terminal here to attach to; run this in one", [
      "without one: devmux dev logs",
    ]);
  }
  // tmux refuses to attach inside another server's pane for as long as TMUX is set.
  const { TMUX: _server, TMUX_PANE: _pane, ...env } = shell.env;
  const dispose = shell.onSignal(() => undefined);
  return new Promise<ExitCode>((resolve, reject) => {
    const args = [...socketArguments(socketName), "attach-session", "-t", session.sessionId];
    const child = spawn("tmux", args, { stdio: "inherit", env });
    child.once("error", (error) => reject(new CliError("DEVMUX_TMUX", `tmux did not start: ${error.message}`)));
    child.once("exit", (code) => resolve(code === 0 ? exitCodes.ok : exitCodes.failed));
  }).finally(dispose);
}
