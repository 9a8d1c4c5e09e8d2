// `devmux dev logs [service]`: the last lines that panes show, as text.

import { type Command, defineRunnable } from "../../command.ts";
import { openEnvironment, paneOf } from "../../dev/environment.ts";
import { tmuxError } from "../../dev/session.ts";
import { badOption, unknownService } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { painter, printLine } from "../../shell.ts";
import { visible } from "../../show/visible.ts";
import { configOption, notRunning } from "./options.ts";

const path = "devmux dev logs";
const maxLines = 100_000;

export const devLogsCommand: Command = defineRunnable({
  name: "logs",
  summary: "Show the last lines of a service, or of each",
  examples: ["devmux dev logs", "devmux dev logs api -n 20"],
  args: {
    service: { type: "positional", required: false, description: "a service, or telemetry, or logs" },
    lines: { type: "string", alias: "n", default: "100", valueHint: "N", description: "how many lines of each" },
    config: configOption,
  },
  async run({ service, lines, config }, shell) {
    const count = /^\d{1,6}$/.test(lines) ? Number(lines) : 0;
    if (count < 1 || count > maxLines)
      throw badOption(path, "-n", `expected a number from 1 to ${maxLines}, got "${lines}"`);
    const environment = openEnvironment({ config }, shell);
    const located = await environment.locate();
    const { session } = located;
    if (session === undefined) throw notRunning(environment);
    const named = service === undefined ? undefined : paneOf(located, service);
    if (service !== undefined && named === undefined)
      throw unknownService(
        service,
        session.panes.map(({ name }) => name),
      );
    const names = new Set(environment.project.services.map(({ name }) => name));
    const panes = named === undefined ? session.panes.filter(({ name }) => names.has(name)) : [named];
    const paint = painter(shell.stdout, shell.env);
    for (const { name, paneId } of panes) {
      const shown = await environment.tmux.run(["capture-pane", "-p", "-J", "-S", "-", "-t", paneId]);
      if (!shown.ok) throw tmuxError(shown);
      if (panes.length > 1) printLine(shell.stdout, paint("bold", `── ${name} ──`));
      const text = shown.output.replace(/\s+$/, "").split("\n").slice(-count);
      for (const line of text) printLine(shell.stdout, visible(line.trimEnd()));
    }
    return exitCodes.ok;
  },
});
