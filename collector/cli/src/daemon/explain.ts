// Why a collector did not start, as an error that says what to do.

import { ConfigError } from "@chriscode/devmux-telemetry-server/config";
import { z } from "zod";
import { CliError } from "../errors.ts";
import type { Failure } from "./messages.ts";
import { describePortHolder, findPortHolder } from "./port-holder.ts";
import { requestJson } from "./request.ts";

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

/** What a collector with a devmux receiver answers to `GET /`, without a token. */
const greetingSchema = z.object({ name: z.literal("devmux-telemetry") });

export function notResponding(reason: string): CliError {
  return new CliError("DEVMUX_NOT_RESPONDING", `the collector does not answer: ${reason}`, [
    "end it: devmux telemetry stop",
  ]);
}
