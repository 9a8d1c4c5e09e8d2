// `devmux queue prune`: begins a new file with what is open; what is done goes, and old files with it.

import { type Pruned, pruneQueue } from "@chriscode/devmux-telemetry-exporters/queue";
import { type Command, defineRunnable } from "../../command.ts";
import { exporterValue } from "../../config/exporter-option.ts";
import { readSettings } from "../../config/settings.ts";
import { CliError } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { configOption, jsonOption, readCount, readDuration } from "../../queue/options.ts";
import { queueFile, withQueueFile } from "../../queue/path.ts";
import { printLine } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";
import { visible } from "../../show/visible.ts";

const path = "devmux queue prune";
/** As the exporter's `max_history_files`. */
const defaultHistory = 3;
const lockTimeoutMs = 10_000;
/** A program that still had the old file open has had time to notice. */
const graceMs = 60_000;

export const pruneCommand: Command = defineRunnable({
  name: "prune",
  summary: "Keep what is open; drop what was done, and chatter below warning",
  examples: ["devmux queue prune", "devmux queue prune --keep 0s --history 0 --json"],
  args: {
    keep: {
      type: "string",
      default: "24h",
      valueHint: "TIME",
      description: "closed events stay for so long, to be known when they happen again",
    },
    history: {
      type: "string",
      valueHint: "N",
      description: "so many old files stay; the exporter's max_history_files (3) unless given",
    },
    json: jsonOption,
    config: configOption,
  },
  async run({ keep, history, json, config }, shell) {
    const keepClosedMs = readDuration(path, "--keep", keep);
    const configured = exporterValue(readSettings({ config }, shell.cwd), "queue", "max_history_files", shell.env);
    const keepHistory = readCount(path, "--history", history) ?? (Number(configured ?? defaultHistory) || 0);
    const file = queueFile(config, shell);
    // Nobody who asks for this asks for the loss of open events.
    const options = { keepClosedMs, graceMs, keepHistory, maxOpenBytes: Number.POSITIVE_INFINITY, lockTimeoutMs };
    const pruned = await withQueueFile(file, () => pruneQueue(file, options));
    if (pruned.kind === "failed") throw refusal(pruned);
    const { kept, removed, historyFiles, deletedFiles } = pruned;
    if (json) printLine(shell.stdout, safeJson({ kept, removed, historyFiles, deletedFiles }));
    else
      printLine(
        shell.stdout,
        `${kept} events stay, ${removed} are history now; old files: ${historyFiles} there, ${deletedFiles} deleted`,
      );
    return exitCodes.ok;
  },
});

function refusal({ cause, message }: Extract<Pruned, { kind: "failed" }>): CliError {
  return cause === "busy"
    ? new CliError("DEVMUX_QUEUE_BUSY", visible(`the queue was not pruned: ${message}`))
    : new CliError("DEVMUX_QUEUE_UNWRITABLE", visible(`the queue was not pruned: ${message}`));
}
