// `devmux queue resolve|dismiss|release ID`: it is done, it is nothing, or somebody else shall do it.

import { type Command, defineRunnable } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { change } from "../../queue/change.ts";
import { shortId, statusWord } from "../../queue/lines.ts";
import { agentOption, configOption, jsonOption, noteOption, readAgent } from "../../queue/options.ts";
import { queueFile } from "../../queue/path.ts";
import { capped, notice, untrustedFields } from "../../queue/untrusted.ts";
import { printLine } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";
import { visible } from "../../show/visible.ts";

type Word = "resolve" | "dismiss" | "release";

/** Longer ones belong into an issue. */
const maxNoteChars = 500;

function defineChange(name: Word, summary: string, example: string): Command {
  return defineRunnable({
    name,
    summary,
    examples: [`devmux queue ${name} 3f2a91c0`, `devmux queue ${name} 3f2a91c0 ${example}`],
    args: {
      id: { type: "positional", required: true, description: "its id, or the beginning of it" },
      agent: {
        ...agentOption,
        description: "who you are; $DEVMUX_AGENT unless given. Without a name others' claims count for nothing",
      },
      note: noteOption,
      json: jsonOption,
      config: configOption,
    },
    async run({ id, agent, note, json, config }, shell) {
      const by = readAgent(`devmux queue ${name}`, agent ?? (shell.env.DEVMUX_AGENT || undefined));
      const wish = { kind: name, id, by, note: note?.slice(0, maxNoteChars) } as const;
      const { item, isNew } = (await change(queueFile(config, shell), wish))!;
      if (json) printLine(shell.stdout, safeJson({ notice, untrustedFields, item: capped(item), changed: isNew }));
      else {
        const [first = ""] = item.rawContent.split("\n");
        const word = isNew ? statusWord(item) : `${statusWord(item)} already`;
        printLine(shell.stdout, `${visible(shortId(item.id))} is ${word}: ${visible(first)}`);
      }
      return exitCodes.ok;
    },
  });
}

export const resolveCommand: Command = defineChange(
  "resolve",
  "It is mended; if it happens again, it is pending again",
  '--agent fixer --note "items may be missing"',
);

export const dismissCommand: Command = defineChange(
  "dismiss",
  "Nothing has to be done; it stays like that when it happens again",
  '--note "only in tests"',
);

export const releaseCommand: Command = defineChange(
  "release",
  "Give it back to those who wait; also opens one again that was closed",
  "--agent fixer",
);
