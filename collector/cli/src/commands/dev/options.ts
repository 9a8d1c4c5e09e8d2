// What the commands of `devmux dev` share.

import type { Environment } from "../../dev/environment.ts";
import { CliError } from "../../errors.ts";

export const configOption = {
  type: "string",
  valueHint: "FILE",
  description: "devmux.config.json with the services; the nearest one from here upwards",
} as const;

export function notRunning({ project }: Environment): CliError {
  return new CliError(
    "DEVMUX_NOT_RUNNING",
    `${project.name} does not run: there is no session ${project.sessionName}`,
    ["start it: devmux dev start"],
  );
}
