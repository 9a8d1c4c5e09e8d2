// A command is data: its name, what it takes, examples, and a function of its arguments. citty parses and describes it.

import type { ArgsDef, CommandDef, ParsedArgs } from "citty";
import type { ExitCode, PassedOn } from "./exit-codes.ts";
import type { Shell } from "./shell.ts";

/** A word of the command line: a command that runs, or a group of commands. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Whole command lines that a reader can copy. */
  readonly examples: readonly string[];
  readonly args: ArgsDef;
  /** Present in a group. */
  readonly commands?: readonly Command[];
  /** Not shown in the help of its group. */
  readonly hidden?: boolean;
  /** It runs another program: what stands behind `--` is that program's command line, and not read here. */
  readonly takesCommand?: boolean;
  /** Its last positional argument may be there any number of times: all of them are in `_`. */
  readonly takesMany?: boolean;
  readonly definition: CommandDef;
}

/** What citty hands through to a command that runs. */
export interface Given {
  readonly shell: Shell;
  /** Behind `--`. */
  readonly words: readonly string[];
}

interface CommandInit<Args extends ArgsDef> {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly args: Args;
  readonly hidden?: boolean;
  readonly takesCommand?: boolean;
  readonly takesMany?: boolean;
  run(args: ParsedArgs<Args>, shell: Shell, words: readonly string[]): Promise<ExitCode | PassedOn>;
}

export function defineRunnable<const Args extends ArgsDef>(init: CommandInit<Args>): Command {
  const { name, summary, examples, args, run, hidden = false, takesCommand = false, takesMany = false } = init;
  const definition: CommandDef<Args> = {
    meta: { name, description: summary, hidden },
    args,
    run(context) {
      const { shell, words } = context.data as Given;
      return run(context.args, shell, words);
    },
  };
  // citty keeps a command's arguments with that command, so a list of commands forgets their types.
  return {
    name,
    summary,
    examples,
    args,
    hidden,
    takesCommand,
    takesMany,
    definition: definition as unknown as CommandDef,
  };
}

export function defineGroup(
  init: Pick<Command, "name" | "summary" | "examples"> & { commands: readonly Command[] },
): Command {
  const { name, summary, examples, commands } = init;
  const subCommands = Object.fromEntries(commands.map((each) => [each.name, each.definition]));
  return {
    name,
    summary,
    examples,
    args: {},
    commands,
    definition: { meta: { name, description: summary }, subCommands },
  };
}
