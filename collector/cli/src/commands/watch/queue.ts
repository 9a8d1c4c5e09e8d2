// `devmux watch queue`: the events of queue.jsonl, for people or as JSON lines.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  defaultQueuePath,
  followQueue,
  queuePath,
  readQueue,
  type TriggerEvent,
} from "@chriscode/devmux-telemetry-exporters/queue";
import { type Command, defineRunnable } from "../../command.ts";
import { exporterOption } from "../../config/exporter-option.ts";
import { readSettings, type Settings } from "../../config/settings.ts";
import { CliError } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { eventLines } from "../../queue/lines.ts";
import { createSeen } from "../../queue/seen.ts";
import { atLeast, type QueueSeverity, queueSeverities } from "../../queue/severity.ts";
import { painter, printLine, type Shell } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";

export const queueCommand: Command = defineRunnable({
  name: "queue",
  summary: "Show the events of the queue",
  examples: [
    "devmux watch queue",
    "devmux watch queue --follow --severity warning",
    "devmux watch queue --json | jq -r .rawContent",
  ],
  args: {
    follow: { type: "boolean", default: false, description: "go on as new ones come, until Ctrl-C" },
    json: { type: "boolean", default: false, description: "print one JSON object a line and nothing else" },
    severity: {
      type: "enum",
      options: [...queueSeverities],
      default: "info",
      description: "leave out what is less severe",
    },
    config: {
      type: "string",
      valueHint: "FILE",
      description: "devmux.config.json that the collector was started with",
    },
  },
  async run({ follow, json, severity, config }, shell) {
    const path = pathOf(readSettings({ config }, shell.cwd), shell);
    if (!follow && !existsSync(path)) throw noQueue(path);
    const stop = new AbortController();
    const dispose = shell.onSignal(() => stop.abort());
    const entries = (follow ? followQueue : readQueue)(path, { signal: stop.signal });
    try {
      const shown = await showEvents(entries, severity, printer(json, shell));
      if (shown === 0 && !follow) printLine(shell.stderr, `no events of severity ${severity} or above in ${path}`);
      return exitCodes.ok;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw code === "EACCES" ? new CliError("DEVMUX_NO_QUEUE", `${path} cannot be read (${code})`) : error;
    } finally {
      dispose();
    }
  },
});

/** As the `queue` exporter is configured, else where it is by default. A relative path starts where the collector's does. */
function pathOf(settings: Settings, { homeDir, env }: Shell): string {
  const path = exporterOption(settings, "queue", "path", env) ?? defaultQueuePath;
  return queuePath(path.startsWith("~") ? path : resolve(settings.directory, path), homeDir);
}

type Show = (event: TriggerEvent) => void;

/** Each event once, also when another program writes the whole file anew. Returns how many. */
async function showEvents(entries: ReturnType<typeof readQueue>, lowest: QueueSeverity, show: Show): Promise<number> {
  const seen = createSeen();
  let shown = 0;
  for await (const { event } of entries) {
    if (!seen.isNew(event.id) || !atLeast(event.severity, lowest)) continue;
    show(event);
    shown++;
  }
  return shown;
}

function printer(json: boolean, shell: Shell): Show {
  if (json) return (event) => printLine(shell.stdout, safeJson(event));
  const paint = painter(shell.stdout, shell.env);
  return (event) => {
    for (const line of eventLines(event, paint)) printLine(shell.stdout, line);
  };
}

function noQueue(path: string): CliError {
  return new CliError("DEVMUX_NO_QUEUE", `there is no queue yet: ${path}`, [
    "it begins with the first event; to wait for it: devmux watch queue --follow",
  ]);
}
