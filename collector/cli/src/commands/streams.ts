// `devmux streams`: which streams there are, with or without a collector that runs.

import { type Command, defineRunnable } from "../command.ts";
import { stateDirectory } from "../daemon/state-dir.ts";
import { exitCodes } from "../exit-codes.ts";
import { painter, printLine } from "../shell.ts";
import { safeJson } from "../show/json.ts";
import { streamTable } from "../show/streams.ts";
import { knownStreams } from "../streams/known.ts";

export const streamsCommand: Command = defineRunnable({
  name: "streams",
  summary: "List the streams: who sends, how many records and errors, when the last came",
  examples: ["devmux streams", "devmux streams --json | jq -r '.streams[] | select(.errors > 0) | .name'"],
  args: {
    json: { type: "boolean", default: false, description: "print one JSON object and nothing else" },
  },
  async run({ json }, shell) {
    const { streams, running } = await knownStreams(stateDirectory(shell), { count: true });
    if (json) printLine(shell.stdout, safeJson({ running, streams }));
    else {
      const lines = streamTable({ streams, paint: painter(shell.stdout, shell.env), now: Date.now() });
      for (const line of lines) printLine(shell.stdout, line);
      if (!running) printLine(shell.stderr, "the collector does not run; this is what is stored");
    }
    return exitCodes.ok;
  },
});
