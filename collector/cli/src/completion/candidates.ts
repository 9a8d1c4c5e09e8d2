// What can stand at the end of a command line: commands, options, and the values of those that have a list of them.

import type { ArgsDef } from "citty";
import type { Command } from "../command.ts";

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** The current values of the arguments of that name. */
export type ValuesOf = (argument: string) => Promise<readonly string[]>;

/** `words` are those behind the program's name; the last one is being typed and may be empty. */
export async function candidatesFor(root: Command, words: readonly string[], valuesOf: ValuesOf): Promise<Candidate[]> {
  const typed = words.at(-1) ?? "";
  const { command, rest } = descend(root, words.slice(0, -1));
  const all = await possible(command, rest, typed, valuesOf);
  return all.filter(({ value }) => value.startsWith(typed));
}

/** The command that the words name, and what stands behind its name. */
function descend(root: Command, words: readonly string[]): { command: Command; rest: readonly string[] } {
  let command = root;
  let at = 0;
  for (; at < words.length; at++) {
    const next = command.commands?.find(({ name }) => name === words[at]);
    if (next === undefined) break;
    command = next;
  }
  return { command, rest: words.slice(at) };
}

async function possible(
  command: Command,
  rest: readonly string[],
  typed: string,
  valuesOf: ValuesOf,
): Promise<Candidate[]> {
  // Behind `--` stands another program's command line.
  if (rest.includes("--")) return [];
  const { args, commands } = command;
  const waiting = optionNamed(args, rest.at(-1) ?? "");
  if (waiting !== undefined && args[waiting]?.type !== "boolean") return await values(args, waiting, valuesOf);
  if (typed.startsWith("-")) return options(args);
  if (commands !== undefined)
    return rest.length > 0
      ? []
      : commands
          .filter(({ hidden }) => hidden !== true)
          .map(({ name, summary }) => ({ value: name, description: summary }));
  const positional = positionalAt(command, rest);
  return positional === undefined ? [] : await values(args, positional, valuesOf);
}

function options(args: ArgsDef): Candidate[] {
  return Object.entries(args)
    .filter(([, { type }]) => type !== "positional")
    .map(([name, { description = "" }]) => ({ value: `--${name}`, description }));
}

function optionNamed(args: ArgsDef, word: string): string | undefined {
  if (!word.startsWith("-")) return undefined;
  return Object.keys(args).find((name) => {
    const definition = args[name]!;
    if (definition.type === "positional") return false;
    const aliases = "alias" in definition ? [definition.alias ?? []].flat() : [];
    return word === `--${name}` || aliases.some((alias) => word === `-${alias}`);
  });
}

/** The positional argument that is being typed. */
function positionalAt({ args, takesMany }: Command, rest: readonly string[]): string | undefined {
  const names = Object.keys(args).filter((name) => args[name]?.type === "positional");
  const before = rest.filter((word, index) => !word.startsWith("-") && !takesValue(args, rest[index - 1] ?? "")).length;
  return names[before] ?? (takesMany === true ? names.at(-1) : undefined);
}

function takesValue(args: ArgsDef, word: string): boolean {
  const option = optionNamed(args, word);
  return option !== undefined && args[option]?.type !== "boolean";
}

async function values(args: ArgsDef, name: string, valuesOf: ValuesOf): Promise<Candidate[]> {
  const definition = args[name];
  const listed = definition?.type === "enum" ? (definition.options ?? []) : await valuesOf(name);
  return listed.map((value) => ({ value, description: "" }));
}
