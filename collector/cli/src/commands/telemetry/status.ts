// `devmux telemetry status`: whether a collector runs, its streams, and what does not work.

import { type Command, defineRunnable } from "../../command.ts";
import { discover } from "../../daemon/discover.ts";
import { notResponding } from "../../daemon/explain.ts";
import { stateDirectory } from "../../daemon/state-dir.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { painter, printLine, type Shell } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";
import { statusLines } from "../../show/status.ts";

export const statusCommand: Command = defineRunnable({
  name: "status",
  summary: "Show whether the collector runs, and its streams",
  examples: ["devmux telemetry status", "devmux telemetry status --json | jq .streams"],
  args: { json: { type: "boolean", default: false, description: "print one JSON object and nothing else" } },
  async run({ json }, shell) {
    const found = await discover(stateDirectory(shell));
    if (found.kind === "none") return sayNotRunning(json, shell);
    if (found.kind === "stale") return sayNotRunning(json, shell, found.reason);
    const { pid, url } = found.state;
    if (found.kind === "stopping") return sayNotRunning(json, shell, `the collector with pid ${pid} is stopping`);
    if (found.kind === "silent") {
      if (json) printLine(shell.stdout, safeJson({ running: false, reason: found.reason, pid, url, streams: [] }));
      throw notResponding(found.reason);
    }
    // The collector names the address that it listens on; a client needs one that it can connect to.
    const report = { ...found.report, url };
    if (json) printLine(shell.stdout, safeJson(report));
    else {
      const lines = statusLines({ report, paint: painter(shell.stdout, shell.env), now: Date.now() });
      for (const line of lines) printLine(shell.stdout, line);
    }
    return exitCodes.ok;
  },
});

function sayNotRunning(json: boolean, shell: Shell, reason?: string): ExitCode {
  if (json) {
    const why = reason ?? "no collector was started, or it was stopped";
    printLine(shell.stdout, safeJson({ running: false, reason: why, streams: [] }));
  } else {
    const paint = painter(shell.stdout, shell.env);
    printLine(shell.stdout, `Telemetry Server: ${paint("yellow", "Not running")}`);
    if (reason !== undefined) printLine(shell.stdout, `  ${reason}`);
    printLine(shell.stdout, "  start it: devmux telemetry start");
  }
  return exitCodes.notRunning;
}
