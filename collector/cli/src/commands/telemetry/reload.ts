// `devmux telemetry reload`: a changed configuration takes effect while apps stay connected.

import type { ReloadAnswer } from "@chriscode/devmux-telemetry-server";
import { ConfigError } from "@chriscode/devmux-telemetry-server/config";
import { type Command, defineRunnable } from "../../command.ts";
import { discover } from "../../daemon/discover.ts";
import { notResponding } from "../../daemon/explain.ts";
import { httpUrl, requestJson } from "../../daemon/request.ts";
import { stateDirectory } from "../../daemon/state-dir.ts";
import { CliError } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { printLine } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";
import { visible } from "../../show/visible.ts";

/** A part that is replaced has two seconds to hand on what it holds; a storage is opened. */
const answerTimeoutMs = 20_000;

export const reloadCommand: Command = defineRunnable({
  name: "reload",
  summary: "Apply a changed configuration; what did not change goes on, apps stay connected",
  examples: ["devmux telemetry reload"],
  args: { json: { type: "boolean", default: false, description: "print one JSON object and nothing else" } },
  async run({ json }, shell) {
    const found = await discover(stateDirectory(shell));
    if (found.kind === "silent") throw notResponding(found.reason);
    if (found.kind !== "running") {
      throw new CliError("DEVMUX_NOT_RUNNING", "the collector does not run", ["start it: devmux telemetry start"]);
    }
    const { url, controlToken: token } = found.state;
    const answer = await requestJson({
      url: httpUrl(url, "/api/reload"),
      method: "POST",
      token,
      timeoutMs: answerTimeoutMs,
    });
    if (answer.kind === "none") throw notResponding(answer.reason);
    if (answer.status !== 200 && answer.status !== 422) throw notResponding(`it answered ${answer.status}`);
    const outcome = answer.body as ReloadAnswer;
    if (json) {
      printLine(shell.stdout, safeJson(outcome));
      return outcome.ok ? exitCodes.ok : exitCodes.config;
    }
    if (!outcome.ok) {
      printLine(shell.stderr, "The collector goes on as it was.");
      throw new ConfigError(outcome.problems);
    }
    for (const line of describe(outcome)) printLine(shell.stdout, visible(line));
    return exitCodes.ok;
  },
});

function describe({ started, stopped, replaced, kept }: Extract<ReloadAnswer, { ok: true }>): string[] {
  const changes = Object.entries({ started, stopped, replaced }).filter(([, names]) => names.length > 0);
  if (changes.length === 0) return ["Nothing has changed."];
  return [
    ...changes.map(([what, names]) => `${what}: ${names.join(", ")}`),
    `${kept} ${kept === 1 ? "component goes" : "components go"} on untouched`,
  ];
}
