// `devmux completion <shell>`: a script that completes command lines; and `devmux complete`, which the scripts ask.

import { type Command, defineRunnable } from "../command.ts";
import { type Candidate, candidatesFor, type ValuesOf } from "../completion/candidates.ts";
import { completionScripts, completionShells } from "../completion/scripts.ts";
import { stateDirectory } from "../daemon/state-dir.ts";
import { readProject } from "../dev/project.ts";
import { badArgument } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { printLine, type Shell } from "../shell.ts";
import { visible } from "../show/visible.ts";
import { knownStreams } from "../streams/known.ts";

export const completionCommand: Command = defineRunnable({
  name: "completion",
  summary: "Print a script with which a shell completes commands, options and names of streams",
  examples: [
    "devmux completion bash >> ~/.bashrc",
    "devmux completion zsh > ~/.zfunc/_devmux   # a directory of fpath",
    "devmux completion fish > ~/.config/fish/completions/devmux.fish",
  ],
  args: {
    shell: { type: "positional", required: false, description: completionShells.join(", ") },
  },
  async run({ shell: name }, shell) {
    const known = completionShells.find((each) => each === name);
    if (known === undefined)
      throw badArgument("devmux completion", `which shell? expected ${completionShells.join(", ")}${got(name)}`);
    shell.stdout.write(completionScripts[known]);
    return exitCodes.ok;
  },
});

function got(name: string | undefined): string {
  return name === undefined ? "" : `, got ${JSON.stringify(name)}`;
}

/** `root` is asked for when it is needed: it holds this command too. */
export function completeCommand(root: () => Command): Command {
  return defineRunnable({
    name: "complete",
    summary: "Print what a command line can go on with, for the shells' scripts",
    examples: ["devmux complete -- attach node:"],
    hidden: true,
    takesCommand: true,
    args: {},
    async run(_args, shell, words) {
      // A terminal waits for it: whatever goes wrong, there is nothing to complete.
      const found = await candidatesFor(root(), words, valuesFrom(shell)).catch((): Candidate[] => []);
      for (const { value, description } of found) printLine(shell.stdout, `${visible(value)}\t${description}`);
      return exitCodes.ok;
    },
  });
}

function valuesFrom(shell: Shell): ValuesOf {
  return async (argument) => {
    if (argument === "stream")
      return (await knownStreams(stateDirectory(shell), { count: false })).streams.map(({ name }) => name);
    if (argument === "service") return readProject({}, shell.cwd).services.map(({ name }) => name);
    if (argument === "shell") return completionShells;
    if (argument === "severity") return ["trace", "debug", "info", "warn", "error", "fatal"];
    return [];
  };
}
