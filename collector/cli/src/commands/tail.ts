// `devmux tail [stream…]`: what the streams have stored, and what comes, without tmux.

import {
  createTail,
  createWanted,
  listStoredStreams,
  type StoredRecord,
} from "@chriscode/devmux-telemetry-exporters/spool";
import { createRecordFormat } from "@chriscode/devmux-telemetry-exporters/text";
import { type Command, defineRunnable } from "../command.ts";
import { stateDirectory } from "../daemon/state-dir.ts";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { readCount } from "../queue/options.ts";
import { printLine } from "../shell.ts";
import { knownStreams } from "../streams/known.ts";
import { readGrep, readMinSeverity, readSince } from "../streams/options.ts";
import { createTailPrinter, wholeRecord } from "../streams/print.ts";
import { resolveStream } from "../streams/resolve.ts";

/** A screen or two; `--since` shows all. */
const defaultLines = 100;

export const tailCommand: Command = defineRunnable({
  name: "tail",
  summary: "Show the streams' records, without tmux",
  examples: [
    "devmux tail",
    "devmux tail browser:localhost-3000 node:api --follow",
    "devmux tail --since 5m --severity error",
    "devmux tail api --grep 'timeout|ECONNREFUSED' --json | jq .body",
  ],
  takesMany: true,
  args: {
    stream: {
      type: "positional",
      required: false,
      description: "names of streams, or beginnings that only one has; all unless given",
    },
    follow: { type: "boolean", alias: ["f"], default: false, description: "go on as records come, until Ctrl-C" },
    since: {
      type: "string",
      valueHint: "TIME",
      description: "from so long ago (5m, 2h), or from a time (2026-11-21T12:00)",
    },
    lines: {
      type: "string",
      alias: ["n"],
      valueHint: "COUNT",
      description: `only the last so many; ${defaultLines} unless --since is given, all then`,
    },
    severity: {
      type: "string",
      valueHint: "NAME",
      description: "leave out what is less severe than trace, debug, info, warn, error or fatal",
    },
    grep: {
      type: "string",
      valueHint: "TEXT",
      description: "only records whose text as shown, or whose stack, matches (RE2's syntax; (?i) ignores case)",
    },
    json: { type: "boolean", default: false, description: "print one JSON object a line and nothing else" },
  },
  async run(args, shell) {
    const { follow, json } = args;
    const path = "devmux tail";
    const stateDir = stateDirectory(shell);
    const minSeverity = readMinSeverity(path, args.severity);
    const sinceMs = readSince(path, args.since, Date.now());
    const grep = readGrep(path, args.grep);
    const last = readCount(path, "--lines", args.lines) ?? (sinceMs === undefined ? defaultLines : undefined);
    const names = await chosenNames(args._, stateDir);
    const streams = () =>
      listStoredStreams({ stateDir }).filter(({ stream }) => names === undefined || names.has(stream));
    if (!follow && streams().length === 0) throw nothingStored(stateDir);

    const text = createRecordFormat(wholeRecord);
    const matches = grep && ((record: StoredRecord) => grep(text(record, record.attributes)));
    const tail = createTail({ stateDir, streams, wanted: createWanted({ sinceMs, minSeverity, matches }), last });
    const print = createTailPrinter(shell, { json, named: names?.size !== 1 });
    const stop = new AbortController();
    const dispose = shell.onSignal(() => stop.abort());
    let shown = 0;
    let missed = 0;
    try {
      for (;;) {
        for (const line of tail.read()) {
          if (print(line)) shown++;
          if (stop.signal.aborted) break;
        }
        if (tail.missedFiles > missed)
          printLine(
            shell.stderr,
            `records came faster than they could be read: ${tail.missedFiles - missed} files are gone`,
          );
        missed = tail.missedFiles;
        if (!follow || stop.signal.aborted) break;
        await tail.changed(stop.signal);
      }
    } finally {
      tail.close();
      dispose();
    }
    if (shown === 0 && !follow) printLine(shell.stderr, "no records match");
    return exitCodes.ok;
  },
});

/** undefined: all, also those that come later. */
async function chosenNames(typed: readonly string[], stateDir: string): Promise<ReadonlySet<string> | undefined> {
  if (typed.length === 0) return undefined;
  const { streams, running } = await knownStreams(stateDir, { count: false });
  const known = streams.map(({ name }) => name);
  return new Set(typed.map((each) => resolveStream(each, { known, running })));
}

function nothingStored(stateDir: string): CliError {
  return new CliError(
    "DEVMUX_UNKNOWN_STREAM",
    `nothing is stored in ${stateDir}/streams: no app has sent anything yet`,
    ["to wait for the first record: devmux tail --follow"],
  );
}
