// `devmux dev stop`: ends the services of the session, then the session. What runs elsewhere is left alone.

import { type Command, defineRunnable } from "../../command.ts";
import { exclusively, openEnvironment } from "../../dev/environment.ts";
import { type Stopped, stopRest, stopServices } from "../../dev/stop.ts";
import { CliError } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { printLine } from "../../shell.ts";
import { configOption } from "./options.ts";

export const devStopCommand: Command = defineRunnable({
  name: "stop",
  summary: "End the services of the session, and the session",
  examples: ["devmux dev stop"],
  args: { config: configOption },
  async run({ config }, shell) {
    const environment = openEnvironment({ config }, shell);
    const stopped = (name: string, how: Stopped) => printLine(shell.stdout, `  ${name.padEnd(12)} ${describe(how)}`);
    const results = await exclusively(environment, async () => {
      if ((await environment.locate()).session === undefined) return [];
      return [
        ...(await stopServices(environment, { stopped })),
        ...(await stopRest(environment, { listener: { stopped } })),
      ];
    });
    if (results.some(({ kind }) => kind === "stuck"))
      throw new CliError("DEVMUX_DEV_FAILED", "a process did not end, not even by SIGKILL; its window is left open");
    const { session } = await environment.locate();
    const left = session === undefined ? "" : "; the session has windows of yours and stays";
    printLine(
      shell.stdout,
      `tmux session ${environment.project.sessionName}: ${results.length === 0 ? "not there" : "stopped"}${left}`,
    );
    return exitCodes.ok;
  },
});

function describe(stopped: Stopped): string {
  switch (stopped.kind) {
    case "stopped":
      return stopped.by === "SIGKILL" ? "stopped (did not end by itself: SIGKILL)" : "stopped";
    case "stuck":
      return "did not end";
    case "absent":
      return "had ended";
    case "left":
      return "goes on: it was not started here";
  }
}
