// `devmux dev status`: which services work, and where they run.

import { type Command, defineRunnable } from "../../command.ts";
import { openEnvironment } from "../../dev/environment.ts";
import { type DetailedStatus, readStatus, type ServiceDetail } from "../../dev/status.ts";
import { exitCodes } from "../../exit-codes.ts";
import { type Paint, painter, printLine } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";
import { visible } from "../../show/visible.ts";
import { configOption } from "./options.ts";

export const devStatusCommand: Command = defineRunnable({
  name: "status",
  summary: "Show which services work, and where they run",
  examples: ["devmux dev status", "devmux dev status --json | jq .services"],
  args: {
    json: { type: "boolean", default: false, description: "print one JSON object and nothing else" },
    config: configOption,
  },
  async run({ json, config }, shell) {
    const status = await readStatus(openEnvironment({ config }, shell));
    if (json) printLine(shell.stdout, safeJson(status));
    else for (const line of statusLines(status, painter(shell.stdout, shell.env))) printLine(shell.stdout, line);
    return status.online ? exitCodes.ok : exitCodes.notRunning;
  },
});

function statusLines({ online, session, services, details }: DetailedStatus, paint: Paint): string[] {
  const state = (works: boolean, text: string) => paint(works ? "green" : "yellow", visible(text));
  const head = online
    ? `tmux session ${session}`
    : `tmux session ${session} ${paint("yellow", "is not there")}: devmux dev start`;
  return [
    head,
    ...details.map((detail) => `  ${detail.name.padEnd(12)} ${state(detail.healthy, describe(detail))}`),
    `  ${"telemetry".padEnd(12)} ${state(services.telemetry === true, services.telemetry ? "works" : "does not run")}`,
  ];
}

function describe({ healthy, health, place, exitCode, watched }: ServiceDetail): string {
  if (!healthy) return exitCode === undefined ? `does not answer (${health})` : `ended with exit code ${exitCode}`;
  return [`works (${health})`, place, watched ? "watched" : undefined].filter(Boolean).join(", ");
}
