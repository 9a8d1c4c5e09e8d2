// Why a collector did not start, as an error that says what to do.

import { ConfigError } from "@chriscode/devmux-telemetry-server/config";
import { CliError } from "../errors.ts";
import { discover, greetingSchema } from "./discover.ts";
import type { Failure } from "./messages.ts";
import { describePortHolder, findPortHolder } from "./port-holder.ts";
import { requestJson } from "./request.ts";
import type { CollectorState } from "./state-file.ts";

export async function explainFailure(failure: Failure): Promise<Error> {
  if (failure.kind === "config") return new ConfigError(failure.problems);
  if (failure.kind === "other")
    return new CliError("DEVMUX_START_FAILED", `the collector did not start: ${failure.message}`);
  const { host, port, code, message } = failure;
  if (code === "EADDRINUSE") return portInUse(host, port);
  const hints: Record<string, string> = {
    EACCES: "ports below 1024 are for administrators; choose another: --port 9876",
    EADDRNOTAVAIL: `${host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for phones on the network`,
  };
  return new CliError("DEVMUX_START_FAILED", message, hints[code] === undefined ? [] : [hints[code]]);
}

async function portInUse(host: string, port: number): Promise<CliError> {
  const holder = findPortHolder(port);
  const hints = [`choose another port: devmux telemetry start --port ${port === 65_535 ? 9876 : port + 1}`];
  const answer = await requestJson({ url: `http://127.0.0.1:${port}/`, timeoutMs: 1_000 });
  if (answer.kind === "answer" && greetingSchema.safeParse(answer.body).success) {
    hints.unshift("it is a DevMux collector of another state directory (DEVMUX_HOME)");
  }
  return new CliError(
    "DEVMUX_PORT_IN_USE",
    `port ${port} on ${host} is in use by ${describePortHolder(holder)}`,
    hints,
  );
}

export function notResponding(reason: string): CliError {
  return new CliError("DEVMUX_NOT_RESPONDING", `the collector does not answer: ${reason}`, [
    "end it: devmux telemetry stop",
  ]);
}

/** The running collector, or the error that says why there is none. */
export async function requireRunning(stateDir: string): Promise<CollectorState> {
  const found = await discover(stateDir);
  if (found.kind === "running") return found.state;
  if (found.kind === "silent") throw notResponding(found.reason);
  throw new CliError("DEVMUX_NOT_RUNNING", "the collector does not run", ["start it: devmux telemetry start"]);
}
