// `devmux queue list`: one line for each event that somebody has to look at, or those that are asked for.

import { atLeast, type EventSeverity, type QueueItem } from "@chriscode/devmux-telemetry-exporters/queue";
import { type Command, defineRunnable } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { listLine } from "../../queue/lines.ts";
import {
  configOption,
  jsonOption,
  ofStream,
  readCount,
  readStatuses,
  severityOption,
  streamOption,
} from "../../queue/options.ts";
import { queueFile } from "../../queue/path.ts";
import { readItems } from "../../queue/read.ts";
import { capped, notice, untrustedFields } from "../../queue/untrusted.ts";
import { painter, printLine, type Shell } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";

const path = "devmux queue list";

export const listCommand: Command = defineRunnable({
  name: "list",
  summary: "List events: what is open unless told otherwise, the oldest first",
  examples: [
    "devmux queue list",
    "devmux queue list --severity error --stream node:api",
    "devmux queue list --status resolved,dismissed --json",
    "devmux queue list --status all --severity info --offset 200 --limit 100 --json",
  ],
  args: {
    status: {
      type: "string",
      default: "open",
      valueHint: "STATUS,…",
      description: "pending, processing, resolved, dismissed; open is the first two; all",
    },
    severity: severityOption("warning"),
    stream: streamOption,
    offset: { type: "string", valueHint: "N", description: "leave out the first so many" },
    limit: { type: "string", valueHint: "N", description: "so many at most" },
    json: jsonOption,
    config: configOption,
  },
  async run({ status, severity, stream, offset, limit, json, config }, shell) {
    const statuses = readStatuses(path, status);
    const first = readCount(path, "--offset", offset) ?? 0;
    const count = readCount(path, "--limit", limit);
    const file = queueFile(config, shell);
    const { items, skipped } = await readItems(file, severity);
    const isOf = ofStream(stream) ?? (() => true);
    const found = items.filter(
      (item) => atLeast(item.severity, severity) && (statuses === "all" || statuses.has(item.status)) && isOf(item),
    );
    const page = found.slice(first, count === undefined ? undefined : first + count);
    if (json) {
      const answer = { total: found.length, offset: first, skippedLines: skipped, notice, untrustedFields };
      printLine(shell.stdout, safeJson({ ...answer, items: page.map(capped) }));
    } else showList(page, { shell, severity, file, all: items, left: found.length - first - page.length });
    return exitCodes.ok;
  },
});

interface Shown {
  readonly shell: Shell;
  readonly severity: EventSeverity;
  readonly file: string;
  readonly all: readonly QueueItem[];
  readonly left: number;
}

function showList(page: readonly QueueItem[], { shell, severity, file, all, left }: Shown): void {
  const paint = painter(shell.stdout, shell.env);
  const nowMs = Date.now();
  const width = shell.stdout.isTTY === true ? shell.stdout.columns : undefined;
  for (const item of page) printLine(shell.stdout, listLine(item, paint, nowMs, width));
  if (left > 0) printLine(shell.stderr, `${left} more; see --offset and --limit`);
  if (page.length > 0 || left > 0) return;
  const others = all.length === 0 ? "" : `; ${all.length} others are there: --status all --severity info`;
  printLine(shell.stderr, `no such events of severity ${severity} or above in ${file}${others}`);
}
