// From a command line to an exit code: finds the command, checks its options, runs it, says what went wrong.

import { ConfigError } from "@chriscode/devmux-telemetry-server/config";
import { runCommand } from "citty";
import type { Command, Given } from "./command.ts";
import { CliError, missingCommand, unknownCommand, unknownOption } from "./errors.ts";
import { type ExitCode, exitCodes, type PassedOn } from "./exit-codes.ts";
import { checkOptions } from "./options.ts";
import { painter, printLine, type Shell } from "./shell.ts";
import { printUsage } from "./usage.ts";

/** Never throws; what is wrong is on stderr. One of `exitCodes`, or that of the program which a command has run. */
export async function run(root: Command, argv: readonly string[], shell: Shell): Promise<number> {
  try {
    const left = await dispatch(root, argv, shell);
    return typeof left === "number" ? left : left.passedOn;
  } catch (error) {
    return report(error, shell);
  }
}

async function dispatch(root: Command, argv: readonly string[], shell: Shell): Promise<ExitCode | PassedOn> {
  const words = argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
  if (words[0] === "--version" || words[0] === "-v") {
    printLine(shell.stdout, shell.version);
    return exitCodes.ok;
  }
  const { command, before, rest } = findCommand(root, words);
  const path = `${before} ${command.name}`.trim();
  if (wantsHelp(rest)) {
    await printUsage(command, before, shell.stdout, shell);
    return exitCodes.ok;
  }
  if (command.commands !== undefined) {
    const known = command.commands.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
    const [word] = rest;
    if (word === undefined) throw missingCommand(path, known);
    if (word.startsWith("-")) throw unknownOption(path, word, command === root ? ["--help", "--version"] : ["--help"]);
    throw unknownCommand(path, word, known);
  }
  const { own, behind } = split(rest, command.takesCommand === true);
  checkOptions(path, own, command.args, command.takesMany);
  const data: Given = { shell, words: behind };
  const { result } = await runCommand(command.definition, { rawArgs: [...own], data });
  return result as ExitCode | PassedOn;
}

interface Found {
  readonly command: Command;
  /** The words before the command's own name. */
  readonly before: string;
  readonly rest: readonly string[];
}

function findCommand(root: Command, argv: readonly string[]): Found {
  let found: Found = { command: root, before: "", rest: argv };
  for (;;) {
    const next = found.command.commands?.find(({ name }) => name === found.rest[0]);
    if (next === undefined) return found;
    found = { command: next, before: `${found.before} ${found.command.name}`.trim(), rest: found.rest.slice(1) };
  }
}

/** What the command reads itself, and what stands behind `--`. */
function split(rest: readonly string[], takesCommand: boolean): { own: readonly string[]; behind: readonly string[] } {
  const end = takesCommand ? rest.indexOf("--") : -1;
  return end < 0 ? { own: rest, behind: [] } : { own: rest.slice(0, end), behind: rest.slice(end + 1) };
}

function wantsHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf("--");
  return rest.slice(0, end < 0 ? undefined : end).some((word) => word === "--help" || word === "-h");
}

function report(error: unknown, shell: Shell): ExitCode {
  const paint = painter(shell.stderr, shell.env);
  const label = paint(["bold", "red"], "error:");
  if (error instanceof CliError) {
    printLine(shell.stderr, `${label} ${error.message}`);
    for (const hint of error.hints) printLine(shell.stderr, `  ${hint}`);
    return error.exitCode;
  }
  if (error instanceof ConfigError) {
    printLine(
      shell.stderr,
      `${label} the configuration has ${error.problems.length === 1 ? "a problem" : `${error.problems.length} problems`}`,
    );
    for (const { path, message } of error.problems)
      printLine(shell.stderr, path === "" ? `  ${message}` : `  ${path}: ${message}`);
    return exitCodes.config;
  }
  if (error instanceof Error && error.name === "CLIError") {
    printLine(shell.stderr, `${label} ${error.message}`);
    return exitCodes.usage;
  }
  printLine(shell.stderr, `${label} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  printLine(shell.stderr, "  this is a fault in devmux; the lines above say where");
  return exitCodes.failed;
}
