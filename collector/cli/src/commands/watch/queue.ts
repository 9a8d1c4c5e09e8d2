// `devmux watch queue`: the events of queue.jsonl, for people or as JSON lines.

import { type Command, defineRunnable } from "../../command.ts";
import { readSettings } from "../../config/settings.ts";
import { CliError } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { atLeast, parseEvent, type QueueEvent, queueSeverities } from "../../queue/event.ts";
import { eventLines } from "../../queue/lines.ts";
import { queuePath } from "../../queue/path.ts";
import { createSeen } from "../../queue/seen.ts";
import { tailLines } from "../../queue/tail.ts";
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
    const path = queuePath(readSettings({ config }, shell.cwd), shell);
    const stop = new AbortController();
    const dispose = shell.onSignal(() => stop.abort());
    try {
      await showEvents(path, { follow: follow ? stop.signal : undefined, show: printer(json, shell), severity });
      return exitCodes.ok;
    } catch (error) {
      throw explain(error, path);
    } finally {
      dispose();
    }
  },
});

interface Show {
  readonly follow: AbortSignal | undefined;
  readonly severity: (typeof queueSeverities)[number];
  show(event: QueueEvent): void;
}

/** Each event once, also when another program writes the whole file anew. Lines that are no events are left out. */
async function showEvents(path: string, { follow, severity, show }: Show): Promise<void> {
  const seen = createSeen();
  for await (const lines of tailLines(path, follow === undefined ? {} : { follow })) {
    for (const line of lines) {
      const event = parseEvent(line);
      if (event !== undefined && seen.isNew(event.id) && atLeast(event.severity, severity)) show(event);
    }
  }
}

function printer(json: boolean, shell: Shell): (event: QueueEvent) => void {
  if (json) return (event) => printLine(shell.stdout, safeJson(event));
  const paint = painter(shell.stdout, shell.env);
  return (event) => {
    for (const line of eventLines(event, paint)) printLine(shell.stdout, line);
  };
}

function explain(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") {
    return new CliError("DEVMUX_NO_QUEUE", `there is no queue yet: ${path}`, [
      "it begins with the first event; to wait for it: devmux watch queue --follow",
    ]);
  }
  return code === "EACCES" || code === "EISDIR"
    ? new CliError("DEVMUX_NO_QUEUE", `${path} cannot be read (${code})`)
    : error;
}
