// `devmux telemetry stop`: ends the collector after it has delivered what it holds.

import { type Command, defineRunnable } from "../../command.ts";
import { discover } from "../../daemon/discover.ts";
import { stateDirectory } from "../../daemon/state-dir.ts";
import { stopCollector } from "../../daemon/stop.ts";
import { describeTotals } from "../../daemon/totals.ts";
import { CliError } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { painter, printLine } from "../../shell.ts";

export const stopCommand: Command = defineRunnable({
  name: "stop",
  summary: "Stop the collector; what it has taken is delivered first, or counted as dropped",
  examples: ["devmux telemetry stop"],
  args: {},
  async run(_args, shell) {
    const stateDir = stateDirectory(shell);
    const found = await discover(stateDir);
    if (found.kind === "none" || found.kind === "stale") {
      printLine(
        shell.stdout,
        found.kind === "none" ? "Telemetry Server: not running" : `Telemetry Server: not running; ${found.reason}`,
      );
      return exitCodes.ok;
    }
    const { pid } = found.state;
    if (found.kind === "stopping") printLine(shell.stdout, `Telemetry Server: stopping already (pid ${pid}), waiting`);
    const { by, lastRun } = await stopCollector(stateDir, found.state);
    const paint = painter(shell.stderr, shell.env);
    if (by === undefined) {
      throw new CliError("DEVMUX_STOP_FAILED", `the collector (pid ${pid}) did not end, not even by SIGKILL`, [
        `look at it: ps -fp ${pid}`,
      ]);
    }
    printLine(shell.stdout, `Telemetry Server: stopped (pid ${pid})`);
    for (const line of lastRun === undefined ? [] : describeTotals(lastRun.totals))
      printLine(shell.stdout, `  ${line}`);
    if (by !== "request")
      printLine(shell.stderr, `${paint("yellow", "note:")} it did not answer and was ended by ${by}`);
    if (lastRun === undefined) {
      printLine(
        shell.stderr,
        `${paint("yellow", "warning:")} it had no time to say what became of the records that it held`,
      );
    }
    return exitCodes.ok;
  },
});
