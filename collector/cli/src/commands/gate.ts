// `devmux gate -- COMMAND`: runs a command, and fails where errors have appeared that were not there before.

import { setTimeout as sleep } from "node:timers/promises";
import {
  type Cursor,
  type News,
  type QueueItem,
  queueCursor,
  queueNews,
} from "@chriscode/devmux-telemetry-exporters/queue";
import { type Command, defineRunnable } from "../command.ts";
import { discover } from "../daemon/discover.ts";
import { stateDirectory } from "../daemon/state-dir.ts";
import { badArgument, CliError } from "../errors.ts";
import { exitCodes, type PassedOn } from "../exit-codes.ts";
import { type CommandEnd, runProgram } from "../gate/command.ts";
import { eventLines } from "../queue/lines.ts";
import { configOption, ofStream, readDuration, severityOption, streamOption } from "../queue/options.ts";
import { queueFile, withQueueFile } from "../queue/path.ts";
import { capped, notice, shortNotice, untrustedFields } from "../queue/untrusted.ts";
import { painter, printLine, type Shell } from "../shell.ts";
import { safeJson } from "../show/json.ts";
import { readSince } from "./errors.ts";

const path = "devmux gate";
/** A client sends after 50 ms, a pane is read within a second, a busy machine needs as long again. */
const defaultSettle = "2s";

export const gateCommand: Command = defineRunnable({
  name: "gate",
  summary: "Run a command; fail if errors appear that were not there before (exit code 80)",
  examples: [
    "devmux gate -- npm test",
    "devmux gate --severity warning --settle 5s -- npx playwright test",
    "devmux gate --since q1-mibxpbkd --json -- make check",
  ],
  takesCommand: true,
  args: {
    since: {
      type: "string",
      valueHint: "CURSOR",
      description: "count what is new since then, not since the command began",
    },
    settle: {
      type: "string",
      default: defaultSettle,
      valueHint: "TIME",
      description: "after the command's end wait so long for errors that are still on their way",
    },
    severity: severityOption("error", "nothing less severe counts"),
    stream: streamOption,
    json: {
      type: "boolean",
      default: false,
      description: "print one JSON object and nothing else; what the command prints goes to stderr",
    },
    config: configOption,
  },
  async run({ since, settle, severity, stream, json, config }, shell, words) {
    if (words.length === 0) throw badArgument(path, `which command? ${path} -- COMMAND [ARGUMENTS]`);
    const settleMs = readDuration(path, "--settle", settle);
    const file = queueFile(config, shell);
    const before = (await readSince(path, since, file)) ?? (await withQueueFile(file, () => queueCursor(file)));
    const didListen = await isListening(shell);
    const ended = await runProgram(words, shell, { keepStdout: json });
    // Who has stopped it does not want to wait for anything.
    if (ended.signal === null && ended.problem === undefined) await sleep(settleMs);
    const news = await look(file, { since: before, lowest: severity, where: ofStream(stream) });
    const isDeaf = !didListen && !(await isListening(shell));
    if (json) printLine(shell.stdout, safeJson(answerOf(words, ended, news, isDeaf)));
    else report(ended, news, isDeaf, shell);
    return exitOf(ended, news.items);
  },
});

async function look(file: string, options: Parameters<typeof queueNews>[1] & { since: Cursor }): Promise<News> {
  try {
    return await queueNews(file, options);
  } catch (error) {
    throw new CliError("DEVMUX_GATE", `${file} cannot be read: ${(error as Error).message}`);
  }
}

/** What goes wrong in the command is its own to say, whatever has appeared besides. */
function exitOf({ exitCode }: CommandEnd, items: readonly QueueItem[]): PassedOn {
  return { passedOn: exitCode === 0 && items.length > 0 ? exitCodes.newErrors : exitCode };
}

async function isListening(shell: Shell): Promise<boolean> {
  return (await discover(stateDirectory(shell))).kind === "running";
}

const deaf = "no collector runs, so no app's errors could reach the queue; start it: devmux telemetry start";

function answerOf(words: readonly string[], { exitCode, signal, problem }: CommandEnd, news: News, isDeaf: boolean) {
  const { items, cursor, isGone } = news;
  return {
    passed: exitCode === 0 && items.length === 0,
    command: { words, exitCode, signal, ...(problem !== undefined && { problem }) },
    cursor,
    gap: isGone,
    collectorRan: !isDeaf,
    notice,
    untrustedFields,
    items: items.map(capped),
  };
}

function report(
  { exitCode, signal, problem }: CommandEnd,
  { items, isGone }: News,
  isDeaf: boolean,
  shell: Shell,
): void {
  const { stderr, env } = shell;
  const paint = painter(stderr, env);
  if (problem !== undefined) printLine(stderr, `gate: the command did not start: ${problem}`);
  if (isDeaf) printLine(stderr, `gate: ${deaf}`);
  if (isGone)
    printLine(stderr, "gate: the queue was replaced meanwhile: something may be missing here, or be here twice");
  for (const item of items) for (const line of eventLines(capped(item), paint)) printLine(stderr, line);
  if (items.length > 0) printLine(stderr, paint("dim", shortNotice));
  const count = items.length === 1 ? "1 new error" : `${items.length} new errors`;
  const how = signal === null ? `the command ended with ${exitCode}` : `the command was ended by ${signal}`;
  if (items.length === 0) printLine(stderr, `gate: no new errors; ${how}`);
  else printLine(stderr, `gate: ${paint(["bold", "red"], count)}; ${how}. See: devmux queue list`);
}
