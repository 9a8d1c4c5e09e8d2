// Checks a command line against what a command takes, before citty reads it: citty lets unknown options and missing values pass.

import { parseArgs } from "node:util";
import type { ArgsDef } from "citty";
import { badArgument, badOption, unknownOption } from "./errors.ts";

/** Throws a CliError at the first option or argument that `args` does not know. `path` is the command as typed. */
export function checkOptions(path: string, argv: readonly string[], args: ArgsDef, takesMany = false): void {
  const named = Object.entries(args).filter(([, definition]) => definition.type !== "positional");
  const positionals = Object.keys(args).filter((name) => args[name]?.type === "positional");
  const known = named.map(([name]) => `--${name}`);
  const options = Object.fromEntries(
    named.map(([name, { type, ...rest }]) => [
      name,
      {
        type: type === "boolean" ? "boolean" : "string",
        ...shortOf("alias" in rest ? rest.alias : undefined),
      } as const,
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: false, tokens: true });
  let taken = 0;
  for (const token of tokens) {
    if (token.kind === "positional" && ++taken > positionals.length && !takesMany) {
      throw badArgument(path, `unexpected argument "${token.value}"`);
    }
    if (token.kind !== "option") continue;
    const definition = Object.hasOwn(args, token.name) ? args[token.name] : negated(token.name, args);
    if (definition === undefined || definition.type === "positional") throw unknownOption(path, token.rawName, known);
    if (definition.type === "boolean") {
      if (token.value === undefined || /^(true|false)$/.test(token.value)) continue;
      throw badOption(path, token.rawName, `expected no value, got "${token.value}"`);
    }
    const hint = definition.valueHint ?? token.name;
    if (token.value === undefined || token.value === "")
      throw badOption(path, token.rawName, `expected a value: ${token.rawName} <${hint}>`);
    if (!token.inlineValue && token.value.startsWith("--")) {
      throw badOption(
        path,
        token.rawName,
        `expected a value, got the option "${token.value}"; write ${token.rawName}=<${hint}>`,
      );
    }
  }
}

/** One letter, as in `-n 100`. */
function shortOf(alias: string | string[] | undefined): { short?: string } {
  const short = [alias].flat().find((each) => each?.length === 1);
  return short === undefined ? {} : { short };
}

/** `--no-colour` for a boolean `colour`. */
function negated(name: string, args: ArgsDef): ArgsDef[string] | undefined {
  const positive = name.startsWith("no-") ? name.slice(3) : "";
  return Object.hasOwn(args, positive) && args[positive]?.type === "boolean" ? args[positive] : undefined;
}

/** Reads a port; 0 asks for any free one. */
export function readPort(path: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw badOption(path, "--port", `expected a port from 0 (any free one) to 65535, got "${text}"`);
}
