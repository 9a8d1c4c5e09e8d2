// `devmux queue show ID`: all that is known of one event.

import { createQueueView, findEvent, itemOf, type QueueItem } from "@chriscode/devmux-telemetry-exporters/queue";
import { type Command, defineRunnable } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { ambiguous, noEvent } from "../../queue/change.ts";
import { pageLines } from "../../queue/lines.ts";
import { configOption, jsonOption } from "../../queue/options.ts";
import { queueFile, withQueueFile } from "../../queue/path.ts";
import { capped, notice, untrustedFields } from "../../queue/untrusted.ts";
import { painter, printLine } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";

export const showCommand: Command = defineRunnable({
  name: "show",
  summary: "Show one event: its text, its stack, what came before it, who works on it",
  examples: ["devmux queue show 3f2a91c0", "devmux queue show 3f2a91c0 --full --json"],
  args: {
    id: { type: "positional", required: true, description: "its id, or the beginning of it" },
    full: { type: "boolean", default: false, description: "do not shorten its texts" },
    json: jsonOption,
    config: configOption,
  },
  async run({ id, full, json, config }, shell) {
    const file = queueFile(config, shell);
    const found = await find(file, id);
    const item = full ? found : capped(found);
    if (json) printLine(shell.stdout, safeJson({ notice, untrustedFields, item }));
    else for (const line of pageLines(item, painter(shell.stdout, shell.env))) printLine(shell.stdout, line);
    return exitCodes.ok;
  },
});

async function find(file: string, id: string): Promise<QueueItem> {
  const view = createQueueView(file);
  try {
    await withQueueFile(file, () => view.refresh());
    const found = findEvent(view.fold, id);
    if (found.kind === "found") return itemOf(found.state, Date.now());
    throw found.kind === "none" ? noEvent(id, file) : ambiguous(id, found.ids);
  } finally {
    await view.close();
  }
}
