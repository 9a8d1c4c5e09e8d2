// `devmux attach [stream]`: the stream's tmux pane in this terminal.

import { spawn } from "node:child_process";
import { type Layout, prepareAttach } from "@chriscode/devmux-telemetry-exporters/tmux";
import { type Command, defineRunnable } from "../command.ts";
import { exporterOption } from "../config/exporter-option.ts";
import { readSettings } from "../config/settings.ts";
import { stateDirectory } from "../daemon/state-dir.ts";
import { badArgument, CliError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Shell } from "../shell.ts";
import { visible } from "../show/visible.ts";
import { chooseStream } from "../streams/choose.ts";
import { knownStreams } from "../streams/known.ts";
import { listed, type ResolveFrom, resolveStream } from "../streams/resolve.ts";

export const attachCommand: Command = defineRunnable({
  name: "attach",
  summary: "Show a stream's tmux session in this terminal (leave it with Ctrl-b d)",
  examples: ["devmux attach browser:localhost-3000", "devmux attach api", "devmux attach"],
  args: {
    stream: {
      type: "positional",
      required: false,
      description: "a stream's name, or a beginning of it that only one has; asked for on a terminal unless given",
    },
    config: {
      type: "string",
      valueHint: "FILE",
      description: "devmux.config.json that the collector was started with",
    },
  },
  async run({ stream: typed, config }, shell) {
    const stateDir = stateDirectory(shell);
    const { streams, running } = await knownStreams(stateDir, { count: false });
    const from = { known: streams.map(({ name }) => name), running };
    const stream = typed === undefined ? await ask(from, shell) : resolveStream(typed, from);
    if (stream === undefined) return exitCodes.failed;
    const settings = readSettings({ config }, shell.cwd);
    const attach = await prepareAttach(stream, {
      stateDir,
      environment: { ...shell.env },
      socketName: exporterOption(settings, "tmux", "socket_name", shell.env),
      layout: layoutOf(exporterOption(settings, "tmux", "layout", shell.env)),
    });
    if (!attach.ok) throw new CliError("DEVMUX_TMUX", attach.message);
    const needsTerminal = attach.args.includes("attach-session");
    if (needsTerminal && !hasTerminal(shell)) {
      throw new CliError("DEVMUX_NO_TERMINAL", "there is no terminal here to attach to; run this in one", [
        visible(`the same text without tmux: devmux tail ${stream}`),
      ]);
    }
    return runTmux(attach, shell);
  },
});

function hasTerminal({ stdinIsTerminal, stdout }: Shell): boolean {
  return stdinIsTerminal && stdout.isTTY === true;
}

/** undefined where the user chose none. */
async function ask({ known }: ResolveFrom, shell: Shell): Promise<string | undefined> {
  if (known.length === 1 && hasTerminal(shell)) return known[0];
  if (known.length > 1 && hasTerminal(shell)) return await chooseStream(known);
  throw badArgument("devmux attach", visible(`which stream? ${listed(known)}`));
}

function layoutOf(text: string | undefined): Layout {
  return text === "windows" ? text : "sessions";
}

type Prepared = Extract<Awaited<ReturnType<typeof prepareAttach>>, { ok: true }>;

function runTmux({ command, args, environment }: Prepared, shell: Shell): Promise<ExitCode> {
  // Ctrl-C goes to the pane; a hang-up ends tmux's client, and with it this command.
  const dispose = shell.onSignal(() => undefined);
  return new Promise<ExitCode>((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", env: environment });
    child.once("error", (error) => reject(new CliError("DEVMUX_TMUX", `tmux did not start: ${error.message}`)));
    child.once("exit", (code) => resolve(code === 0 ? exitCodes.ok : exitCodes.failed));
  }).finally(dispose);
}
