// `devmux attach <stream>`: the stream's tmux session in this terminal.

import { spawn } from "node:child_process";
import { listStoredStreams } from "@chriscode/devmux-telemetry-exporters/spool";
import { prepareAttach } from "@chriscode/devmux-telemetry-exporters/tmux";
import { suggestion } from "@chriscode/devmux-telemetry-server/config";
import { type Command, defineRunnable } from "../command.ts";
import { exporterOption } from "../config/exporter-option.ts";
import { readSettings } from "../config/settings.ts";
import { discover } from "../daemon/discover.ts";
import { stateDirectory } from "../daemon/state-dir.ts";
import { badArgument, CliError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Shell } from "../shell.ts";
import { visible } from "../show/visible.ts";

/** More names than this help nobody to find one. */
const maxListed = 20;

export const attachCommand: Command = defineRunnable({
  name: "attach",
  summary: "Show a stream's tmux session in this terminal (leave it with Ctrl-b d)",
  examples: ["devmux attach browser:localhost-3000", "devmux attach node:cli-name"],
  args: {
    stream: {
      type: "positional",
      required: false,
      description: "a stream's name, as `devmux telemetry status` shows it",
    },
    config: {
      type: "string",
      valueHint: "FILE",
      description: "devmux.config.json that the collector was started with",
    },
  },
  async run({ stream, config }, shell) {
    const stateDir = stateDirectory(shell);
    const { known, running } = await knownStreams(stateDir);
    if (stream === undefined) throw badArgument("devmux attach", `which stream? ${listed(known)}`);
    if (!known.includes(stream)) throw unknownStream(stream, known, running);
    const socketName = exporterOption(readSettings({ config }, shell.cwd), "tmux", "socket_name", shell.env);
    const attach = await prepareAttach(stream, { stateDir, environment: { ...shell.env }, socketName });
    if (!attach.ok) throw new CliError("DEVMUX_TMUX", attach.message);
    const needsTerminal = attach.args.includes("attach-session");
    if (needsTerminal && !(shell.stdinIsTerminal && shell.stdout.isTTY === true)) {
      throw new CliError("DEVMUX_NO_TERMINAL", "there is no terminal here to attach to; run this in one", [
        `the same text without tmux is in ${stateDir}/streams`,
      ]);
    }
    return runTmux(attach, shell);
  },
});

interface Known {
  readonly known: readonly string[];
  readonly running: boolean;
}

/** Those of the running collector first, then those that left a spool. */
async function knownStreams(stateDir: string): Promise<Known> {
  const found = await discover(stateDir);
  const live = found.kind === "running" ? found.report.streams.map(({ name }) => name) : [];
  const stored = listStoredStreams({ stateDir }).map(({ stream }) => stream);
  return { known: [...new Set([...live, ...stored])], running: found.kind === "running" };
}

function unknownStream(stream: string, known: readonly string[], running: boolean): CliError {
  if (known.length === 0 && !running) {
    return new CliError("DEVMUX_NOT_RUNNING", `there is no stream "${visible(stream)}": the collector does not run`, [
      "start it: devmux telemetry start",
    ]);
  }
  const near = known.length === 0 ? "" : suggestion(stream, known).replace(/ \(known: .*$/s, "");
  return new CliError("DEVMUX_UNKNOWN_STREAM", visible(`there is no stream "${stream}"${near}`), [
    visible(listed(known)),
  ]);
}

function listed(known: readonly string[]): string {
  if (known.length === 0) return "No app has connected yet.";
  const more = known.length > maxListed ? ` … and ${known.length - maxListed} more` : "";
  return `Known: ${known.slice(0, maxListed).join(", ")}${more}`;
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
