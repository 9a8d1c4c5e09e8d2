// `devmux telemetry doctor`: whether what apps send arrives, by sending something.

import type { Diagnosis } from "@chriscode/devmux-telemetry-server";
import { type Command, defineRunnable } from "../../command.ts";
import { discover } from "../../daemon/discover.ts";
import { notResponding } from "../../daemon/explain.ts";
import { httpUrl, requestJson } from "../../daemon/request.ts";
import { stateDirectory } from "../../daemon/state-dir.ts";
import { CliError } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { painter, printLine } from "../../shell.ts";
import { diagnosisLines } from "../../show/diagnosis.ts";
import { safeJson } from "../../show/json.ts";

/** The collector waits five seconds for exporters; then it answers. */
const answerTimeoutMs = 15_000;

export const doctorCommand: Command = defineRunnable({
  name: "doctor",
  summary: "Send a marked record through every pipeline, and say where it stopped",
  examples: ["devmux telemetry doctor", "devmux telemetry doctor --json | jq .healthy"],
  args: { json: { type: "boolean", default: false, description: "print one JSON object and nothing else" } },
  async run({ json }, shell) {
    const found = await discover(stateDirectory(shell));
    if (found.kind === "silent") throw notResponding(found.reason);
    if (found.kind !== "running") {
      throw new CliError("DEVMUX_NOT_RUNNING", "the collector does not run", ["start it: devmux telemetry start"]);
    }
    const { url, controlToken: token } = found.state;
    const answer = await requestJson({
      url: httpUrl(url, "/api/doctor"),
      method: "POST",
      token,
      timeoutMs: answerTimeoutMs,
    });
    if (answer.kind === "none") throw notResponding(answer.reason);
    if (answer.status !== 200) throw notResponding(`it answered ${answer.status}`);
    const diagnosis = answer.body as Diagnosis;
    if (json) printLine(shell.stdout, safeJson(diagnosis));
    else for (const line of diagnosisLines(diagnosis, painter(shell.stdout, shell.env))) printLine(shell.stdout, line);
    return diagnosis.healthy ? exitCodes.ok : exitCodes.failed;
  },
});
