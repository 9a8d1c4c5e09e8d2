// `devmux watch queue`: the events of the queue for people, and what becomes of them; or as JSON lines.

import { existsSync } from "node:fs";
import { type QueueChange, queueChanges } from "@chriscode/devmux-telemetry-exporters/queue";
import { type Command, defineRunnable } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { becauseOf, changeLine, eventLines, statusWord } from "../../queue/lines.ts";
import { configOption, ofStream, severityOption, streamOption } from "../../queue/options.ts";
import { queueFile, withQueueFile } from "../../queue/path.ts";
import { painter, printLine, type Shell } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";
import { visible } from "../../show/visible.ts";

export const queueCommand: Command = defineRunnable({
  name: "queue",
  summary: "Show the events of the queue, and with --follow what becomes of them",
  examples: [
    "devmux watch queue",
    "devmux watch queue --follow --severity warning",
    "devmux watch queue --json | jq -r .rawContent",
  ],
  args: {
    follow: { type: "boolean", default: false, description: "go on as new ones come, until Ctrl-C" },
    json: { type: "boolean", default: false, description: "print one JSON object a line and nothing else" },
    severity: severityOption("info"),
    stream: streamOption,
    config: configOption,
  },
  async run({ follow, json, severity, stream, config }, shell) {
    const path = queueFile(config, shell);
    if (!follow && !existsSync(path)) throw noQueue(path);
    const stop = new AbortController();
    const dispose = shell.onSignal(() => stop.abort());
    const isOf = ofStream(stream) ?? (() => true);
    const show = json ? jsonPrinter(shell) : printer(shell);
    let shown = 0;
    try {
      await withQueueFile(path, async () => {
        for await (const change of queueChanges(path, { lowest: severity, follow, signal: stop.signal })) {
          if (!isOf(change.item)) continue;
          show(change);
          shown++;
        }
      });
      if (shown === 0 && !follow) printLine(shell.stderr, `no events of severity ${severity} or above in ${path}`);
      return exitCodes.ok;
    } finally {
      dispose();
    }
  },
});

type Show = (change: QueueChange) => void;

function jsonPrinter({ stdout }: Shell): Show {
  return ({ kind, item }) => printLine(stdout, safeJson({ ...item, change: kind }));
}

function printer({ stdout, env }: Shell): Show {
  const paint = painter(stdout, env);
  return (change) => {
    for (const line of linesOf(change, paint)) printLine(stdout, line);
  };
}

function linesOf({ kind, item, more }: QueueChange, paint: ReturnType<typeof painter>): string[] {
  switch (kind) {
    case "new":
      return eventLines(item, paint);
    case "reopened":
      return eventLines(item, paint, paint("bold", "again, after it was resolved: "));
    case "repeated":
      return [changeLine(item, `${more} more, ${item.count} in all`, paint, Date.parse(item.lastSeen))];
    case "status": {
      const note = item.note === undefined ? "" : ` (${visible(item.note)})`;
      return [changeLine(item, `${paint("bold", statusWord(item))}${becauseOf(item)}${note}`, paint, Date.now())];
    }
  }
}

function noQueue(path: string): CliError {
  return new CliError("DEVMUX_NO_QUEUE", `there is no queue yet: ${path}`, [
    "it begins with the first event; to wait for it: devmux watch queue --follow",
  ]);
}
