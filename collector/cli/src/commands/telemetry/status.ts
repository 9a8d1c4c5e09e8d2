// `devmux telemetry status`: whether a collector runs, its streams, and what does not work.

import { type Command, defineRunnable } from "../../command.ts";
import { type Discovered, discover } from "../../daemon/discover.ts";
import { notResponding } from "../../daemon/explain.ts";
import { readStatus } from "../../daemon/read-status.ts";
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
    if (found.kind === "none" || found.kind === "stale") return sayNotRunning(found, json, shell);
    const report = found.kind === "running" ? await readStatus(found.state) : found.reason;
    if (typeof report === "string") {
      if (json)
        printLine(
          shell.stdout,
          safeJson({ running: false, reason: report, pid: found.state.pid, url: found.state.url }),
        );
      throw notResponding(report);
    }
    if (json) printLine(shell.stdout, safeJson({ ...report, url: found.state.url }));
    else
      for (const line of statusLines({
        report,
        url: found.state.url,
        paint: painter(shell.stdout, shell.env),
        now: Date.now(),
      }))
        printLine(shell.stdout, line);
    return exitCodes.ok;
  },
});

function sayNotRunning(
  found: Exclude<Discovered, { kind: "running" | "silent" }>,
  json: boolean,
  shell: Shell,
): ExitCode {
  const reason = found.kind === "stale" ? found.reason : "no collector was started, or it was stopped";
  if (json) printLine(shell.stdout, safeJson({ running: false, reason, streams: [] }));
  else {
    printLine(shell.stdout, `Telemetry Server: ${painter(shell.stdout, shell.env)("yellow", "Not running")}`);
    if (found.kind === "stale") printLine(shell.stdout, `  ${reason}`);
    printLine(shell.stdout, "  start it: devmux telemetry start");
  }
  return exitCodes.notRunning;
}
