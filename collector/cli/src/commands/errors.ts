// `devmux errors`: what is new since a cursor, at once or as soon as there is something; for programs that work the queue off.

import {
  type Cursor,
  type News,
  parseCursor,
  queueCursor,
  queueNews,
} from "@chriscode/devmux-telemetry-exporters/queue";
import { type Command, defineRunnable } from "../command.ts";
import { badOption } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { eventLines } from "../queue/lines.ts";
import { configOption, jsonOption, ofStream, readDuration, severityOption, streamOption } from "../queue/options.ts";
import { queueFile, withQueueFile } from "../queue/path.ts";
import { capped, notice, shortNotice, untrustedFields } from "../queue/untrusted.ts";
import { painter, printLine, type Shell } from "../shell.ts";
import { safeJson } from "../show/json.ts";

export const errorsCommand: Command = defineRunnable({
  name: "errors",
  summary: "Open errors that are new since a cursor; all that are open without one",
  examples: [
    "devmux errors",
    "devmux errors --since now --json | jq -r .cursor",
    "devmux errors --since q1-mibxpbkd --wait 30s --json",
  ],
  args: {
    since: {
      type: "string",
      valueHint: "CURSOR",
      description: "the `cursor` of an answer before, or now: what happens from now on",
    },
    wait: { type: "string", default: "0s", valueHint: "TIME", description: "wait so long for the first that is new" },
    severity: severityOption("error"),
    stream: streamOption,
    json: jsonOption,
    config: configOption,
  },
  async run({ since, wait, severity, stream, json, config }, shell) {
    const waitMs = readDuration("devmux errors", "--wait", wait);
    const path = queueFile(config, shell);
    const stop = new AbortController();
    const dispose = shell.onSignal(() => stop.abort());
    try {
      const cursor = await readSince("devmux errors", since, path);
      const options = { since: cursor, lowest: severity, where: ofStream(stream), waitMs, signal: stop.signal };
      const news = await withQueueFile(path, () => queueNews(path, options));
      if (json) printLine(shell.stdout, safeJson(answerOf(news)));
      else show(news, shell);
      return exitCodes.ok;
    } finally {
      dispose();
    }
  },
});

/** undefined where none is given. */
export async function readSince(command: string, text: string | undefined, path: string): Promise<Cursor | undefined> {
  if (text === undefined) return undefined;
  if (text === "now") return withQueueFile(path, () => queueCursor(path));
  const cursor = parseCursor(text);
  if (cursor !== undefined) return cursor;
  throw badOption(
    command,
    "--since",
    `expected now, or the cursor of an answer before (q1-…), got "${text.slice(0, 80)}"`,
  );
}

function answerOf({ items, cursor, isGone }: News) {
  return { cursor, gap: isGone, notice, untrustedFields, items: items.map(capped) };
}

function show({ items, cursor, isGone }: News, shell: Shell): void {
  const paint = painter(shell.stdout, shell.env);
  if (isGone)
    printLine(shell.stderr, "the queue was replaced meanwhile: something may be missing here, or be here twice");
  for (const item of items) for (const line of eventLines(capped(item), paint)) printLine(shell.stdout, line);
  printLine(shell.stderr, items.length === 0 ? "nothing new" : paint("dim", shortNotice));
  printLine(shell.stderr, `what comes after this: devmux errors --since ${cursor}`);
}
