// `devmux telemetry start`: the collector in a process of its own, or with --foreground in this one.

import { ConfigError } from "@chriscode/devmux-telemetry-server/config";
import { type Command, defineRunnable } from "../../command.ts";
import { type Flags, readSettings, type Settings } from "../../config/settings.ts";
import { hostProblem, isHost } from "../../config/telemetry.ts";
import { discover } from "../../daemon/discover.ts";
import { explainFailure, notResponding } from "../../daemon/explain.ts";
import { logFile, readyTimeoutMs, spawnCollector } from "../../daemon/spawn.ts";
import { prepareStateDirectory, stateDirectory } from "../../daemon/state-dir.ts";
import { badOption, CliError } from "../../errors.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { readPort } from "../../options.ts";
import { painter, printLine, type Shell } from "../../shell.ts";
import { sayAlready, sayStarted } from "../../show/started.ts";
import { serveArgv } from "./serve.ts";

const path = "devmux telemetry start";

export const startCommand: Command = defineRunnable({
  name: "start",
  summary: "Start the collector; it lives on in the background",
  examples: [
    "devmux telemetry start",
    "devmux telemetry start --port 9000",
    "devmux telemetry start --host 0.0.0.0            # for phones on the same network",
    "devmux telemetry start --foreground              # stay here and show records as they arrive",
    "devmux telemetry start --config collector.yaml   # pipelines of your own",
  ],
  args: {
    port: { type: "string", valueHint: "PORT", description: "port to listen on; 0 takes any free one (9876)" },
    host: { type: "string", valueHint: "ADDRESS", description: "address to listen on (127.0.0.1)" },
    config: {
      type: "string",
      valueHint: "FILE",
      description: "devmux.config.json, or a YAML file of the OTel Collector's shape",
    },
    foreground: { type: "boolean", default: false, description: "run here until Ctrl-C" },
    records: {
      type: "boolean",
      description: "with --foreground: show records (yes on a terminal)",
      negativeDescription: "do not show them",
    },
  },
  async run({ port, host, config, foreground, records }, shell) {
    if (host !== undefined && !isHost(host)) throw badOption(path, "--host", hostProblem(host));
    if (records !== undefined && !foreground) throw badOption(path, "--records", "goes only with --foreground");
    const settings = await readChecked({ config, host, port: readPort(path, port) }, shell);
    if (!settings.enabled) {
      printLine(shell.stdout, `Telemetry is off: telemetry.enabled is false in ${settings.file}. Nothing was started.`);
      return exitCodes.ok;
    }
    const stateDir = stateDirectory(shell);
    prepareStateDirectory(stateDir);
    if (foreground) {
      // The engine takes 150 ms to load; only the process that runs it needs it.
      const { runForeground } = await import("./foreground.ts");
      return runForeground({ settings, stateDir, shell, showRecords: records ?? shell.stdout.isTTY === true });
    }
    return startInBackground(settings, stateDir, shell);
  },
});

/** Where the file has a problem, the report names those of the pipelines too. */
async function readChecked(flags: Flags, shell: Shell): Promise<Settings> {
  try {
    return readSettings(flags, shell.cwd);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { checkConfiguration } = await import("../../config/configuration.ts");
    throw new ConfigError((await checkConfiguration(flags, shell)).problems);
  }
}

async function startInBackground(settings: Settings, stateDir: string, shell: Shell): Promise<ExitCode> {
  const before = await discover(stateDir);
  if (before.kind === "running") return sayAlready(before.state.url, before.state.pid, settings, shell);
  const paint = painter(shell.stderr, shell.env);
  if (before.kind === "stale")
    printLine(shell.stderr, `${paint("yellow", "note:")} ${before.reason}; starting a new one`);
  const answer = await spawnCollector({ shell, stateDir, argv: serveArgv(settings), directory: settings.directory });
  const log = `its log: ${logFile(stateDir)}`;
  switch (answer.type) {
    case "ready":
      sayStarted({ ...answer, logFile: logFile(stateDir) }, settings, shell);
      return exitCodes.ok;
    case "already":
      return sayAlready(answer.url, answer.pid, settings, shell);
    case "occupied":
      throw notResponding(answer.reason);
    case "failed":
      throw await explainFailure(answer.failure);
    case "exited":
      throw new CliError(
        "DEVMUX_START_FAILED",
        `the collector ended before it was ready (${answer.signal ?? `exit code ${answer.code}`})`,
        [log],
      );
    case "timeout":
      throw new CliError(
        "DEVMUX_START_FAILED",
        `the collector was not ready after ${readyTimeoutMs / 1_000} s, and was told to stop`,
        [log],
      );
  }
}
