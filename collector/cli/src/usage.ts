// `--help`: citty's text for a command, then its examples.

import { stripVTControlCharacters } from "node:util";
import { renderUsage } from "citty";
import type { Command } from "./command.ts";
import { type Output, painter, printLine, type Shell } from "./shell.ts";

/** `path` is what stands before the command's own name, e.g. `devmux telemetry`. */
export async function printUsage(command: Command, path: string, output: Output, shell: Shell): Promise<void> {
  const paint = painter(output, shell.env);
  const parent = path === "" ? undefined : { meta: { name: path } };
  const text = await renderUsage(command.definition, parent);
  const plain = tidy(stripVTControlCharacters(text));
  const whole = command.takesCommand === true ? plain.replace(/^USAGE .*$/m, "$& -- COMMAND [ARGUMENTS]") : plain;
  const many = command.takesMany === true ? whole.replace(/^(USAGE .*\S)$/m, "$1 …") : whole;
  printLine(output, paintHeadings(many, paint));
  printLine(output, `\n${paint("bold", "EXAMPLES")}\n`);
  for (const example of command.examples) printLine(output, `  ${example}`);
}

function tidy(text: string): string {
  return text
    .replace(/[ \t]+$/gm, "")
    .replace(/ \(Default: false\)/g, "")
    .trimEnd();
}

/** citty decides on colour when it is loaded, for a terminal that may not be the one written to; so it is done here. */
function paintHeadings(text: string, paint: ReturnType<typeof painter>): string {
  return text.replace(/^(USAGE|ARGUMENTS|OPTIONS|COMMANDS)\b/gm, (heading) => paint("bold", heading));
}
