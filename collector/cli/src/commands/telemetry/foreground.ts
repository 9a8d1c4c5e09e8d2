// `devmux telemetry start --foreground`: the collector in this process, until Ctrl-C.

import type { Settings } from "../../config/settings.ts";
import { drainDeadlineMs } from "../../daemon/drain.ts";
import { explainFailure, notResponding } from "../../daemon/explain.ts";
import { createLog } from "../../daemon/log.ts";
import { describeFailure, serve } from "../../daemon/serve.ts";
import { describeTotals, totalsOf } from "../../daemon/totals.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { createConfiguredCollector, createReload } from "../../pipelines.ts";
import { painter, printLine, type Shell } from "../../shell.ts";
import { sayAlready, sayStarted } from "../../show/started.ts";

export interface ForegroundOptions {
  readonly settings: Settings;
  readonly stateDir: string;
  readonly shell: Shell;
  readonly showRecords: boolean;
}

export async function runForeground({ settings, stateDir, shell, showRecords }: ForegroundOptions): Promise<ExitCode> {
  shell.chdir(settings.directory);
  const log = createLog(shell.stderr, shell.env, { level: "warn" });
  const dim = (text: string) => painter(shell.stdout, shell.env)("dim", text);
  const options = { settings, shell, stateDir, log, showRecords };
  const result = await serve({
    stateDir,
    shell,
    log,
    host: settings.host,
    background: false,
    create: (own) => createConfiguredCollector(options, own),
    reload: createReload(options),
    onReady(url, notices) {
      sayStarted({ url, pid: process.pid, notices }, settings, shell);
      printLine(shell.stdout, dim("  Ctrl-C stops it"));
    },
    onStopping() {
      const deadline = `${drainDeadlineMs / 1_000} s`;
      printLine(
        shell.stdout,
        dim(`Stopping: what is queued is delivered first, for at most ${deadline}; Ctrl-C again leaves at once`),
      );
    },
  });
  switch (result.kind) {
    case "stopped":
      for (const line of ["Stopped.", ...describeTotals(totalsOf(result.report)).map((total) => `  ${total}`)])
        printLine(shell.stdout, line);
      return exitCodes.ok;
    case "already":
      return sayAlready(result.state.url, result.state.pid, settings, shell);
    case "occupied":
      throw notResponding(result.reason);
    case "withdrawn":
      return exitCodes.ok;
    case "failed":
      throw await explainFailure(describeFailure(result.error));
  }
}
